/** From an id in a path to the object that keeps the task. What is not there, and what is another namespace's, look the same. */
import type { CommandResult, LedgerObject } from '@errand/core/ports';
import type { Command } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { Task } from '@errand/core/task';
import { objectOfTask } from '../address.ts';
import type { ApiRequest } from './api-request.ts';
import type { KeyedCall } from './endpoint.ts';
import { Problem, problemOf } from './problem.ts';

export interface AddressedTask {
  readonly object: string;
  readonly ledger: LedgerObject;
  readonly id: TaskId;
}

/** The object of the task `{id}`, or 404 for an id that no task of this namespace can have. */
export function addressed({ service, namespace, params }: KeyedCall<ApiRequest>): AddressedTask {
  const id = params['id'] ?? '';
  const object = objectOfTask(namespace, id);
  if (object === undefined) throw notFound();
  return { object, ledger: service.objects.get(object), id: id as TaskId };
}

/** Asks one command of a task; a rejection becomes its problem. */
export async function ask({ ledger, id }: AddressedTask, command: Command): Promise<Task> {
  return taskOf((await ledger.execute([{ taskId: id, command }]))[0]);
}

/** The task of a result, or the problem of its rejection. */
export function taskOf(result: CommandResult | undefined): Task {
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw result.rejection.code === 'not_found' ? notFound() : problemOf(result.rejection);
  return result.task;
}

/** The same for what is not there and for what is another namespace's, whoever noticed. */
export function notFound(): Problem {
  return new Problem(404, 'not_found', 'There is nothing here that this key may see.');
}
