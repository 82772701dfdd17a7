/** Remote workers' attempts: a lease token names one, and whoever holds the token may report that attempt and nothing else. */
import type { TaskCommand } from '@errand/core/command';
import type { CommandResult, LedgerObject } from '@errand/core/ledger-object';
import type { Task } from '@errand/core/task';
import { objectOfTask } from '../address.ts';
import { readToken, type AttemptToken } from '../token.ts';
import { currentTask, notFound } from './addressed.ts';
import type { KeyedCall } from './endpoint.ts';

export interface LeasedAttempt extends AttemptToken {
  readonly ledger: LedgerObject;
}

/** The attempt that `{leaseToken}` in the path names. Throws a 404 for a token that was made up or is another namespace's. */
export function leasedAttempt({ service, namespace, params }: KeyedCall): LeasedAttempt {
  const token = readToken(service.tokenKey, 'lease', params['leaseToken'] ?? '');
  if (token === undefined || token.namespace !== namespace.name) throw notFound();
  const object = objectOfTask(namespace, token.taskId);
  if (object === undefined) throw notFound();
  return { ...token, ledger: service.objects.get(object) };
}

/** The attempt's task as its ledger has it now. Throws a 404 when it has been deleted. */
export function taskOfLease({ ledger, taskId }: LeasedAttempt): Promise<Task> {
  return currentTask({ ledger, id: taskId });
}

/**
 * Says whether the attempt still holds the task, judged by the task as it was read. The ledger has the last word; this only spares
 * work that would be in vain.
 */
export function stillHeld(task: Task, { fence }: LeasedAttempt): boolean {
  return task.status === 'running' && task.lease.fence === fence;
}

/** Sends a command of the attempt to its ledger. */
export async function askOfLease({ ledger, taskId }: LeasedAttempt, command: TaskCommand['command']): Promise<CommandResult | undefined> {
  return (await ledger.execute([{ taskId, command }]))[0];
}
