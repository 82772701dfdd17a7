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

/** All timers of a task, earliest first. An ended or paused task keeps only what ends it. */
export function deadlinesOf(task: Task): Deadline[] {
  if (isEnded(task)) return [];
  // A cancel was promised: nothing but `canceled` can follow, whatever else falls due.
  if (task.status === 'running' && task.cancelRequestedAt !== undefined)
    return [{ at: Math.min(task.cancelRequestedAt + CANCEL_GRACE_MS, task.lease.until), code: 'cancel_grace' }];
  const deadlines: Deadline[] = [];
  const { timeouts, scheduledAt } = task;
  if (timeouts.scheduleToCloseMs !== undefined)
    deadlines.push({ at: scheduledAt + timeouts.scheduleToCloseMs, code: 'timeout.schedule_to_close' });
  if (task.startedAt === undefined && task.attempt === 0 && task.kind !== 'manual') {
    if (timeouts.scheduleToStartMs !== undefined)
      deadlines.push({ at: scheduledAt + timeouts.scheduleToStartMs, code: 'timeout.schedule_to_start' });
  }
  if (task.ttlMs !== undefined && task.startedAt === undefined && !isHeld(task))
    deadlines.push({ at: scheduledAt + task.ttlMs, code: 'expired' });
  deadlines.push(...statusDeadlines(task));
  return deadlines.sort((a, b) => a.at - b.at);
}

/** The earliest timer, epoch ms, or `null` when nothing is due by itself. `leaseUntil` is as in {@link renewed}. */
export function wakeAtOf(task: Task, leaseUntil?: number): number | null {
  return deadlinesOf(renewed(task, leaseUntil))[0]?.at ?? null;
}

/** The task with the lease its attempt really has: renewals are not written. */
export function renewed(task: Task, leaseUntil: number | undefined): Task {
  return task.status === 'running' && leaseUntil !== undefined ? { ...task, lease: { ...task.lease, until: leaseUntil } } : task;
}

function statusDeadlines(task: Task): Deadline[] {
  switch (task.status) {
    case 'scheduled':
      return [{ at: task.scheduledFor ?? task.scheduledAt, code: 'start' }];
    case 'retrying':
      return [{ at: task.retryAt, code: 'retry' }];
    case 'running': {
      const lost: Deadline = { at: task.lease.until, code: 'lease_lost' };
      const { startToCloseMs } = task.timeouts;
      // A lease never outlasts the attempt's own time: where both end together, it was the time that ran out.
      return startToCloseMs === undefined ? [lost] : [{ at: task.lease.startedAt + startToCloseMs, code: 'timeout.start_to_close' }, lost];
    }
    case 'waiting':
      return task.wait?.until === undefined ? [] : [{ at: task.wait.until, code: 'timeout.start_to_close' }];
    case 'queued':
    case 'paused':
    case 'completed':
    case 'failed':
    case 'timed_out':
    case 'canceled':
    case 'expired':
    case 'skipped':
      return [];
  }
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
