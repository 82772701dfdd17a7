/** When a task changes by itself: the earliest of its deadlines, for which the ledger wakes. Pure. */
import { isEnded, type Task } from '../task.ts';

/** After a cancel an executor has this long to stop. Then the task ends `canceled` without it. */
export const CANCEL_GRACE_MS = 10_000;

/** A time at which a task changes by itself. The codes with a dot, and `lease_lost`, are those of the errors that follow. */
export interface Deadline {
  /** Epoch ms. */
  readonly at: number;
  readonly code:
    | 'start'
    | 'retry'
    | 'expired'
    | 'timeout.schedule_to_start'
    | 'timeout.schedule_to_close'
    | 'timeout.start_to_close'
    | 'lease_lost'
    | 'cancel_grace';
}

/**
 * The earliest deadline of a task; none once it has ended. Of two at the same time the one considered first holds, so those that
 * end the task come before those that end an attempt. A paused task keeps only the former.
 */
export function earliestDeadline(task: Task): Deadline | undefined {
  if (isEnded(task)) return undefined;
  // Whoever asked to cancel was told so: whatever else falls due, the task ends `canceled`.
  if (task.status === 'running' && task.cancelRequestedAt !== undefined)
    return { at: Math.min(task.cancelRequestedAt + CANCEL_GRACE_MS, task.lease.until), code: 'cancel_grace' };
  let earliest: Deadline | undefined;
  const consider = (from: number, afterMs: number | undefined, code: Deadline['code']): void => {
    if (afterMs !== undefined && (earliest === undefined || from + afterMs < earliest.at)) earliest = { at: from + afterMs, code };
  };
  const { timeouts, scheduledAt, startedAt } = task;
  consider(scheduledAt, timeouts.scheduleToCloseMs, 'timeout.schedule_to_close');
  if (startedAt === undefined && task.attempt === 0 && task.kind !== 'manual')
    consider(scheduledAt, timeouts.scheduleToStartMs, 'timeout.schedule_to_start');
  if (startedAt === undefined && !isHeld(task)) consider(scheduledAt, task.ttlMs, 'expired');
  switch (task.status) {
    case 'scheduled':
      consider(task.scheduledFor ?? scheduledAt, 0, 'start');
      break;
    case 'retrying':
      consider(task.retryAt, 0, 'retry');
      break;
    case 'running':
      // A lease never outlasts its attempt's `startToClose`. Where both end together the attempt ran out of time: it was not silent.
      consider(task.lease.startedAt, timeouts.startToCloseMs, 'timeout.start_to_close');
      consider(task.lease.until, 0, 'lease_lost');
      break;
    case 'waiting':
      if (task.wait?.until !== undefined) consider(task.wait.until, 0, 'timeout.start_to_close');
      break;
    case 'queued':
    case 'paused':
      break;
  }
  return earliest;
}

/** When the task changes by itself, epoch ms, or `null` when it does not. `leaseUntil` is as in {@link renewed}. */
export function wakeAtOf(task: Task, leaseUntil?: number): number | null {
  return earliestDeadline(renewed(task, leaseUntil))?.at ?? null;
}

/** The task with its lease as last renewed, to `leaseUntil` (epoch ms): the ledger keeps renewals in memory, not on the task. */
export function renewed(task: Task, leaseUntil: number | undefined): Task {
  return task.status === 'running' && leaseUntil !== undefined ? { ...task, lease: { ...task.lease, until: leaseUntil } } : task;
}

function isHeld(task: Task): boolean {
  return task.status === 'waiting' && task.manual !== undefined && task.manual.state !== 'ready';
}

/** Says whether a task's running attempt is lost: its lease, as last renewed to `leaseUntil`, has ended. */
export function isRunningLost(task: Task, leaseUntil: number, now: number): boolean {
  return task.status === 'running' && task.cancelRequestedAt === undefined && leaseUntil <= now;
}

/** The lease of an attempt whose type has neither a `heartbeat` nor a `startToClose` timeout. */
const DEFAULT_LEASE_MS = 60_000;

/** How long an attempt may be silent, unless its executor has promised to give signs of life more often. */
export function leaseMsOf({ timeouts: { heartbeatMs, startToCloseMs } }: Task): number {
  return heartbeatMs ?? startToCloseMs ?? DEFAULT_LEASE_MS;
}
