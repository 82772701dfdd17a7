/**
 * Decides commands: the one place that says which transitions of a task are allowed. A decision is events or a rejection; what
 * events do to the task is `evolve.ts`'s. Pure and synchronous: `now` is an argument.
 *
 * ```
 *  submit ─► scheduled ─due─► queued ─begin─► running ─► completed │ failed │ timed_out
 *                               ▲               │ ├─► waiting (callback, event) ─► the same
 *                               └── retrying ◄──┘ └─► cancel requested ─► canceled
 *  submit (manual) ─► waiting: ready ─claim─► reserved ─complete─► completed
 *  any open status ─► paused ─► where it was;   terminal ─redrive─► queued, next generation
 * ```
 */
import type { Command } from '../command.ts';
import type { TaskEvent } from '../event.ts';
import { reject, type Rejection } from '../rejection.ts';
import { isEnded, type Task } from '../task.ts';
import { isRejection, wrongState, type Changes } from './changes.ts';
import { decideManual } from './decide-manual.ts';
import { decideAttempt, isToPause } from './decide-attempt.ts';
import { decideTick } from './decide-tick.ts';

export type Decision = { readonly ok: true; readonly events: readonly TaskEvent[] } | { readonly ok: false; readonly rejection: Rejection };

/** Decides `command` on `task` (`undefined` before a submit) at `now`, epoch ms. */
export function decide(task: Task | undefined, command: Command, now: number): Decision {
  const changes = task === undefined ? decideSubmit(command, now) : decideOn(task, command, now);
  if (isRejection(changes)) return { ok: false, rejection: changes };
  const first = (task?.sequence ?? 0) + 1;
  return {
    ok: true,
    events: changes.map((change, i) => ({
      sequence: first + i,
      at: now,
      actor: command.actor,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
      change,
    })),
  };
}

function decideSubmit(command: Command, now: number): Changes {
  if (command.type !== 'submit') return reject('not_found', 'There is no such task.');
  const later = command.scheduledFor !== undefined && command.scheduledFor > now;
  return [later ? { type: 'task.submitted', scheduledFor: command.scheduledFor } : { type: 'task.submitted' }];
}

function decideOn(task: Task, command: Command, now: number): Changes {
  if (command.ifRevision !== undefined && command.ifRevision !== task.revision) {
    return reject('revision_mismatch', `The task is at revision ${task.revision}, which is not what was asked for. Read it again.`);
  }
  switch (command.type) {
    case 'submit':
      // It is there already: a repetition, which the ledger answers with the task.
      return [];
    case 'begin':
    case 'heartbeat':
    case 'report':
      return decideAttempt(task, command, now);
    case 'tick':
      return decideTick(task, command, now);
    case 'claim':
    case 'release':
    case 'complete':
    case 'fail':
      return decideManual(task, command);
    case 'cancel':
      if (isEnded(task)) return task.status === 'canceled' ? [] : wrongState(task, 'cancel');
      if (task.status !== 'running') return [{ type: 'task.canceled', forced: false }];
      return task.cancelRequestedAt === undefined ? [{ type: 'task.cancel_requested' }] : [];
    case 'pause':
      if (isEnded(task)) return wrongState(task, 'pause');
      if (task.status === 'paused') return [];
      if (task.status !== 'running') return [{ type: 'task.paused' }];
      return task.pauseRequested === true || task.cancelRequestedAt !== undefined ? [] : [{ type: 'task.pause_requested' }];
    case 'resume':
      return isToPause(task) ? [{ type: 'task.resumed' }] : wrongState(task, 'resume');
    case 'retry-now':
      return task.status === 'retrying' || task.status === 'scheduled' ? [{ type: 'task.retried_now' }] : wrongState(task, 'retry-now');
    case 'redrive':
      return isEnded(task) && task.status !== 'completed' ? [{ type: 'task.redriven' }] : wrongState(task, 'redrive');
    case 'skip':
      return isEnded(task) || task.status === 'running' ? wrongState(task, 'skip') : [{ type: 'task.skipped' }];
    case 'reschedule':
      // A time in the past would shorten the timeouts, which count from it.
      return isUnstarted(task)
        ? [{ type: 'task.rescheduled', scheduledFor: Math.max(command.scheduledFor, now) }]
        : wrongState(task, 'reschedule');
    case 'update':
      return isEnded(task) ? wrongState(task, 'update') : [{ type: 'task.updated', options: command.options }];
  }
}

/** Says whether the task may still be moved to another time: nobody has begun it in this generation, and it is not paused. */
function isUnstarted(task: Task): boolean {
  if (isEnded(task) || task.startedAt !== undefined) return false;
  return task.status === 'scheduled' || task.status === 'queued' || (task.status === 'waiting' && task.manual?.state === 'ready');
}
