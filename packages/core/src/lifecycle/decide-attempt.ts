/** Decides what executors say: an attempt begins, lives, ends. Only the newest fence is heard. */
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
      // A doubled or late message finds the task begun or gone: nothing to do, and nothing is wrong.
      if (task.status !== 'queued') return reject('wrong_state', `The task is ${task.status}: there is no attempt to begin.`);
      // The alarm may be late: what has outlived its time to start must not start all the same.
      if ((wakeAtOf(task) ?? Number.POSITIVE_INFINITY) <= now)
        return reject('wrong_state', 'The time in which this task could start has passed.');
      return [{ type: 'task.started', worker: command.worker, fence: task.fence + 1, until: now + command.leaseMs }];
    case 'heartbeat':
      return heldBy(task, command.fence) ?? [];
    case 'report':
      return report(task, command, now);
  }
}

function report(task: Task, command: Extract<Command, { type: 'report' }>, now: number): Changes {
  const { outcome, fence } = command;
  const lost = heldBy(task, fence);
  if (lost !== undefined) return lost;
  if (task.status === 'running' && task.cancelRequestedAt !== undefined) return [{ type: 'task.canceled', forced: false }];
  switch (outcome.kind) {
    case 'completed':
      return [{ type: 'task.completed', output: outcome.output }];
    case 'waiting':
      // Said twice, by a caller who did not hear the answer: it waits already.
      if (task.status !== 'running') return [];
      return thenPaused(task, wait(task, outcome, now));
    case 'failed':
      return [attemptFailed(task, outcome, 'failed', now, command.delayFraction)];
  }
}

/** What the end of an attempt without a result leads to: another one, a pause, or the end of the task. */
export function attemptFailed(task: Task, failed: Failed, cause: AttemptEnd, now: number, delayFraction: number): Change {
  const { error, nextRetryDelayMs } = failed;
  const attempt = { attempt: task.attempt, error, ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelayMs }) };
  const delayMs = retryDelayMs(task.retry, attempt, delayFraction);
  if (delayMs === undefined) return { type: 'task.failed', error, cause };
  if (isToPause(task)) return { type: 'task.paused', error, cause, retryAt: now + delayMs };
  return { type: 'task.retrying', error, cause, retryAt: now + delayMs };
}

/** Adds the pause that was asked for while the attempt ran, or that it must not lift. */
export function thenPaused(task: Task, change: Change): Changes {
  return isToPause(task) ? [change, { type: 'task.paused' }] : [change];
}

/** Says whether a task is paused, or will be once the attempt that runs has ended. */
export function isToPause(task: Task): boolean {
  return task.status === 'paused' || (task.status === 'running' && task.pauseRequested === true);
}

/** An error of the service itself, as data. */
export function errorOf(code: string, message: string, retryable: boolean): TaskError {
  return { code, message, retryable };
}

function wait(task: Task, outcome: Extract<Outcome, { kind: 'waiting' }>, now: number): Change {
  const startToCloseMs = task.timeouts.startToCloseMs;
  const closesAt = task.timeouts.scheduleToCloseMs;
  // While it waits the task is bounded by scheduleToClose; without one, by the attempt's own timeout, so that it always ends.
  const until = closesAt === undefined && startToCloseMs !== undefined ? { until: now + Math.max(startToCloseMs, WAIT_FLOOR_MS) } : {};
  return {
    type: 'task.waiting',
    for: outcome.for,
    ...(outcome.correlation === undefined ? {} : { correlation: outcome.correlation }),
    ...(outcome.meeting === undefined ? {} : { meeting: outcome.meeting }),
    ...until,
  };
}

/** A third party gets at least this long to finish what it accepted, when the type gives no `scheduleToClose`. */
const WAIT_FLOOR_MS = 86_400_000;

/** Says why the attempt `fence` may no longer speak for the task; nothing when it may. */
export function heldBy(task: Task, fence: number): Rejection | undefined {
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
