/**
 * Decides what executors ask: to begin an attempt, to keep it alive, to report its outcome. Every begin has a number, its fence,
 * and only the newest one may speak for the task: an executor that was given up, and comes back, is refused.
 */
import type { Command } from '../command.ts';
import type { AttemptEnd, Change } from '../event.ts';
import type { Failed, Outcome } from '../outcome.ts';
import { reject, type Rejection } from '../rejection.ts';
import { isEnded, type Task, type TaskError } from '../task.ts';
import type { Changes } from './changes.ts';
import { retryDelayMs } from './retry.ts';
import { wakeAtOf } from './wake.ts';

type AttemptCommand = Extract<Command, { type: 'begin' | 'heartbeat' | 'report' }>;

/** Decides a command of an executor at `now`. */
export function decideAttempt(task: Task, command: AttemptCommand, now: number): Changes {
  switch (command.type) {
    case 'begin':
      // A lane may deliver a message twice, or late: the task has been begun already, or has ended.
      if (task.status !== 'queued') return reject('wrong_state', `The task is ${task.status}: there is no attempt to begin.`);
      // The alarm that ends a task may be late. Its time is over all the same, so nothing begins.
      if ((wakeAtOf(task) ?? Number.POSITIVE_INFINITY) <= now)
        return reject('wrong_state', 'The time in which this task could start has passed.');
      return [{ type: 'task.started', worker: command.worker, fence: task.fence + 1, until: now + command.leaseMs }];
    case 'heartbeat':
      // Leases are renewed in the ledger's memory: the task itself does not change.
      return leaseLost(task, command.fence) ?? [];
    case 'report':
      return report(task, command, now);
  }
}

function report(task: Task, command: Extract<Command, { type: 'report' }>, now: number): Changes {
  const { outcome, fence } = command;
  const lost = leaseLost(task, fence);
  if (lost !== undefined) return lost;
  if (task.status === 'running' && task.cancelRequestedAt !== undefined) return [{ type: 'task.canceled', forced: false }];
  switch (outcome.kind) {
    case 'completed':
      return [{ type: 'task.completed', output: outcome.output }];
    case 'waiting':
      // Reported again by an executor that did not get the answer: the task waits already.
      if (task.status !== 'running') return [];
      return thenPaused(task, wait(task, outcome, now));
    case 'failed':
      return [attemptFailed(task, outcome, 'failed', now, command.delayFraction)];
  }
}

/** What follows an attempt that ended without a result: a retry, a pause that somebody has asked for, or the end of the task. */
export function attemptFailed(task: Task, failed: Failed, cause: AttemptEnd, now: number, delayFraction: number): Change {
  const { error, nextRetryDelayMs } = failed;
  const attempt = { attempt: task.attempt, error, ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelayMs }) };
  const delayMs = retryDelayMs(task.retry, attempt, delayFraction);
  if (delayMs === undefined) return { type: 'task.failed', error, cause };
  if (isToPause(task)) return { type: 'task.paused', error, cause, retryAt: now + delayMs };
  return { type: 'task.retrying', error, cause, retryAt: now + delayMs };
}

/** `change`, and after it the pause that was asked for while the attempt ran, or from which its task reported. */
export function thenPaused(task: Task, change: Change): Changes {
  return isToPause(task) ? [change, { type: 'task.paused' }] : [change];
}

/** Says whether a task is paused, or will be once the attempt that runs has ended. */
export function isToPause(task: Task): boolean {
  return task.status === 'paused' || (task.status === 'running' && task.pauseRequested === true);
}

/** Builds an error that the service itself reports. */
export function errorOf(code: string, message: string, retryable: boolean): TaskError {
  return { code, message, retryable };
}

function wait(task: Task, outcome: Extract<Outcome, { kind: 'waiting' }>, now: number): Change {
  const startToCloseMs = task.timeouts.startToCloseMs;
  const closesAt = task.timeouts.scheduleToCloseMs;
  // A wait must end, too. `scheduleToClose` sees to it; where a type has none, the wait itself is given an end.
  const until = closesAt === undefined && startToCloseMs !== undefined ? { until: now + Math.max(startToCloseMs, WAIT_FLOOR_MS) } : {};
  return {
    type: 'task.waiting',
    for: outcome.for,
    ...(outcome.correlation === undefined ? {} : { correlation: outcome.correlation }),
    ...(outcome.meeting === undefined ? {} : { meeting: outcome.meeting }),
    ...until,
  };
}

/**
 * The least time that a third party has to finish what it accepted, where the type has no `scheduleToClose`: one day.
 * `startToClose` alone would be too short, for it is meant for the call.
 */
const WAIT_FLOOR_MS = 86_400_000;

/** The rejection of an attempt that no longer holds the task; `undefined` while it does. */
export function leaseLost(task: Task, fence: number): Rejection | undefined {
  if (!isEnded(task)) {
    if (task.status === 'running' && task.lease.fence === fence) return undefined;
    if ((task.status === 'waiting' || task.status === 'paused') && task.wait?.fence === fence) return undefined;
  }
  return reject(
    'lease_lost',
    `This attempt no longer holds the task, which is ${task.status}. A result that still comes is kept as evidence.`,
    {
      status: task.status,
    },
  );
}
