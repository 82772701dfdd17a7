/** Gives a submission to the object that will keep its task. */
import type { Reservation } from '@errand/core/ports';
import type { Task } from '@errand/core/task';
import { problemOf } from './problem.ts';
import type { Service } from './service.ts';
import type { Submission } from './submit.ts';

export interface Placed {
  readonly object: string;
  readonly task: Task;
  /** The idempotency key was known: this is the task it made then, as it is now. */
  readonly replayed: boolean;
}

/** Submits; a rejection becomes its problem. */
export async function placeTask(service: Service, submission: Submission): Promise<Placed> {
  const { object, command } = await reserved(service, submission);
  const [result] = await service.objects.get(object).execute([command]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  return { object, task: result.task, replayed: result.replayed === true };
}

/**
 * The submission once its key is reserved where keys live: under the id that the key already names, if it names one. Then the
 * task's object inserts by id if absent, so a retry that repeats both steps makes one task, wherever the first try broke off.
 */
export async function reserved(service: Service, submission: Submission): Promise<Submission> {
  const { object, keyHome, command } = submission;
  const reservation = reservationOf(submission);
  if (keyHome === undefined || reservation === undefined || command.command.type !== 'submit') return submission;
  const [answer] = await service.objects.get(keyHome).reserve([reservation]);
  if (answer === undefined) throw new Error('A ledger gave no answer.');
  if (!answer.ok) throw problemOf(answer.rejection);
  const { taskId } = answer;
  return { object, command: { taskId, command: { ...command.command, spec: { ...command.command.spec, id: taskId } } } };
}

function reservationOf({ command: { taskId, idempotency } }: Submission): Reservation | undefined {
  return idempotency === undefined ? undefined : { ...idempotency, taskId };
}
