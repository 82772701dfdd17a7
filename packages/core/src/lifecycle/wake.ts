/** When the ledger must look at a task again by itself: the earliest of its timers. Pure. */
import { isEnded, type Task } from '../task.ts';

/** How long an executor may take to stop after a cancel before it is overruled. */
export const CANCEL_GRACE_MS = 10_000;

/** A timer of a task, and the error it ends something with. */
export interface Deadline {
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

/** The earliest timer of a task: of two at one time, the one that ends more. An ended or paused task keeps only what ends it. */
export function earliestDeadline(task: Task): Deadline | undefined {
  if (isEnded(task)) return undefined;
  // A cancel was promised: nothing but `canceled` can follow, whatever else falls due.
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
      // A lease never outlasts the attempt's own time: where both end together, it was the time that ran out.
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

/** The earliest timer, epoch ms, or `null` when nothing is due by itself. `leaseUntil` is as in {@link renewed}. */
export function wakeAtOf(task: Task, leaseUntil?: number): number | null {
  return earliestDeadline(renewed(task, leaseUntil))?.at ?? null;
}

/** The task with the lease its attempt really has: renewals are not written. */
export function renewed(task: Task, leaseUntil: number | undefined): Task {
  return task.status === 'running' && leaseUntil !== undefined ? { ...task, lease: { ...task.lease, until: leaseUntil } } : task;
}

function isHeld(task: Task): boolean {
  return task.status === 'waiting' && task.manual !== undefined && task.manual.state !== 'ready';
}

/** Says whether a running attempt was silent for longer than `leaseUntil` allows. */
export function isRunningLost(task: Task, leaseUntil: number, now: number): boolean {
  return task.status === 'running' && task.cancelRequestedAt === undefined && leaseUntil <= now;
}

/** For types with neither a heartbeat nor a bound on an attempt. */
const DEFAULT_LEASE_MS = 60_000;

/** How long an executor of this task may be silent, where the executor itself does not promise more often. */
export function leaseMsOf({ timeouts: { heartbeatMs, startToCloseMs } }: Task): number {
  return heartbeatMs ?? startToCloseMs ?? DEFAULT_LEASE_MS;
}
