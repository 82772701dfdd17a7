/** Attempts, folded from a task's events. They have no table: events say when each began and how it ended. */
import type { Attempt, LogLine } from '../attempt.ts';
import type { AttemptEnd, TaskEvent } from '../event.ts';
import type { Json } from '../json.ts';
import type { TaskError } from '../task.ts';

/** Logs and checkpoint of an attempt, by its fence. */
export type AttemptNotes = ReadonlyMap<number, { readonly logs: readonly LogLine[]; readonly checkpoint?: Json }>;

/** All attempts of a task, oldest first. */
export function foldAttempts(events: readonly TaskEvent[], notes: AttemptNotes): Attempt[] {
  const attempts: Attempt[] = [];
  let generation = 1;
  let number = 0;
  const end = (at: number, outcome: Attempt['outcome'], error?: TaskError): void => {
    const last = attempts.at(-1);
    if (last === undefined || last.endedAt !== undefined) return;
    attempts[attempts.length - 1] = { ...last, endedAt: at, outcome, ...(error === undefined ? {} : { error }) };
  };
  for (const { at, change } of events) {
    switch (change.type) {
      case 'task.started': {
        number += 1;
        const { logs = [], ...checkpoint } = notes.get(change.fence) ?? {};
        attempts.push({ number, generation, worker: change.worker, startedAt: at, outcome: 'running', logs, ...checkpoint });
        break;
      }
      case 'task.waiting': {
        const last = attempts.at(-1);
        if (last !== undefined) attempts[attempts.length - 1] = { ...last, outcome: 'waiting' };
        break;
      }
      case 'task.requeued':
        end(at, 'lost', change.error);
        number -= 1;
        break;
      case 'task.retrying':
      case 'task.failed':
        end(at, ENDS[change.cause], change.error);
        break;
      case 'task.paused':
        if (change.error !== undefined) end(at, ENDS[change.cause ?? 'failed'], change.error);
        break;
      case 'task.timed_out':
        end(at, 'timed_out', change.error);
        break;
      case 'task.completed':
        end(at, 'completed');
        break;
      case 'task.canceled':
      case 'task.skipped':
        end(at, 'canceled');
        break;
      case 'task.redriven':
        generation += 1;
        number = 0;
        break;
      case 'task.submitted':
      case 'task.due':
      case 'task.cancel_requested':
      case 'task.pause_requested':
      case 'task.resumed':
      case 'task.rescheduled':
      case 'task.updated':
      case 'task.retried_now':
      case 'task.claimed':
      case 'task.released':
      case 'task.result_refused':
      case 'task.expired':
        break;
    }
  }
  return attempts;
}

const ENDS: Record<AttemptEnd, Attempt['outcome']> = { failed: 'failed', timed_out: 'timed_out', lost: 'lost' };
