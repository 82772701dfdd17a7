/** Gives a submission to the object that will keep its task. */
import { problemOf } from './problem.ts';
import type { Service } from './service.ts';
import type { Submission } from './submit.ts';
import type { Task } from '@errand/core/task';

export interface Placed {
  readonly object: string;
  readonly task: Task;
  /** The idempotency key was known: this is the task it made then, as it is now. */
  readonly replayed: boolean;
}

/** Submits; a rejection becomes its problem. */
export async function placeTask(service: Service, { object, command }: Submission): Promise<Placed> {
  const [result] = await service.objects.get(object).execute([command]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  return { object, task: result.task, replayed: result.replayed === true };
}
