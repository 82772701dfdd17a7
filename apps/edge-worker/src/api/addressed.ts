/**
 * From an id in a path to the object that keeps the task, and the questions that endpoints ask of it. A task that is not there and
 * one of another namespace give the same 404, so that nobody learns which ids exist.
 */
import type { CommandResult, LedgerObject } from '@errand/core/ledger-object';
import type { Command } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { Task } from '@errand/core/task';
import { objectOfTask } from '../address.ts';
import type { ApiRequest } from './api-request.ts';
import type { KeyedCall } from './endpoint.ts';
import { Problem, problemOf } from './problem.ts';

/** A task that the path names, which may not exist. */
export interface AddressedTask {
  /** Name of the object that would keep it. */
  readonly object: string;
  readonly ledger: LedgerObject;
  readonly id: TaskId;
}

/** The task that `{id}` in the path names. Throws a 404 for an id that no task of this namespace can have. */
export function addressed({ service, namespace, params }: KeyedCall<ApiRequest>): AddressedTask {
  const id = params['id'] ?? '';
  const object = objectOfTask(namespace, id);
  if (object === undefined) throw notFound();
  return { object, ledger: service.objects.get(object), id: id as TaskId };
}

/** The task as its ledger has it now. Throws a 404 where there is none. */
export async function currentTask({ ledger, id }: Pick<AddressedTask, 'ledger' | 'id'>): Promise<Task> {
  const task = (await ledger.read([id]))[0] ?? null;
  if (task === null) throw notFound();
  return task;
}

/** Asks one command of a task and gives the task after it. Throws the problem of a rejection. */
export async function ask({ ledger, id }: AddressedTask, command: Command): Promise<Task> {
  return taskOf((await ledger.execute([{ taskId: id, command }]))[0]);
}

/** The task in the result of a command. Throws the problem of a rejection. */
export function taskOf(result: CommandResult | undefined): Task {
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw result.rejection.code === 'not_found' ? notFound() : problemOf(result.rejection);
  return result.task;
}

/** The one 404: its bytes are the same for what is not there and for what is another namespace's. */
export function notFound(): Problem {
  return new Problem(404, 'not_found', 'There is nothing here that this key may see.');
}
