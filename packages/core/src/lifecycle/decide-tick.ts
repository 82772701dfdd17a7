/**
 * Decides what the passing of time does to a task: a start or a retry that is due, a timeout, a lost lease. One decision handles
 * one deadline, the earliest; the ledger asks again while another one is due.
 */
import type { Command } from '../command.ts';
import type { Task } from '../task.ts';
import type { Changes } from './changes.ts';
import { attemptFailed, errorOf, thenPaused } from './decide-attempt.ts';
import { earliestDeadline, renewed } from './wake.ts';

/** Decides what the earliest deadline does, once it has passed at `now`. Until then nothing changes. */
export function decideTick(task: Task, command: Extract<Command, { type: 'tick' }>, now: number): Changes {
  const due = earliestDeadline(renewed(task, command.leaseUntil));
  if (due === undefined || due.at > now) return [];
  switch (due.code) {
    case 'start':
    case 'retry':
      return [{ type: 'task.due' }];
    case 'expired':
      return [{ type: 'task.expired' }];
    case 'timeout.schedule_to_start':
      return [{ type: 'task.timed_out', error: errorOf(due.code, 'No attempt started in time.', false) }];
    case 'timeout.schedule_to_close':
      return [{ type: 'task.timed_out', error: errorOf(due.code, 'The task did not end in time.', false) }];
    case 'cancel_grace':
      return [{ type: 'task.canceled', forced: true }];
    case 'timeout.start_to_close':
      return [
        attemptFailed(
          task,
          { kind: 'failed', error: errorOf(due.code, 'The attempt did not end in time.', true) },
          'timed_out',
          now,
          command.delayFraction,
        ),
      ];
    case 'lease_lost':
      return lost(task, command, now);
  }
}

function lost(task: Task, command: Extract<Command, { type: 'tick' }>, now: number): Changes {
  const heartbeat = task.timeouts.heartbeatMs !== undefined;
  const error = heartbeat
    ? errorOf('timeout.heartbeat', 'The attempt gave no sign of life in time.', true)
    : errorOf('lease_lost', 'The executor went away while it worked.', true);
  if (command.sharedLoss === true && task.sharedLosses === 0) return thenPaused(task, { type: 'task.requeued', error });
  return [attemptFailed(task, { kind: 'failed', error }, heartbeat ? 'timed_out' : 'lost', now, command.delayFraction)];
}
