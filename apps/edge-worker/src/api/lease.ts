/** The attempt that a lease token names: whoever holds the token may report that attempt, and nothing else. */
import type { TaskCommand } from '@errand/core/command';
import type { CommandResult, LedgerObject } from '@errand/core/ports';
import type { Task } from '@errand/core/task';
import { objectOfTask } from '../address.ts';
import { readToken, type AttemptToken } from '../token.ts';
import { notFound } from './addressed.ts';
import type { KeyedCall } from './endpoint.ts';

export interface LeasedAttempt extends AttemptToken {
  readonly ledger: LedgerObject;
}

/** The attempt of `{leaseToken}`; 404 for a token that was made up, or that is another namespace's. */
export function leasedAttempt({ service, namespace, params }: KeyedCall): LeasedAttempt {
  const token = readToken(service.tokenKey, 'lease', params['leaseToken'] ?? '');
  if (token === undefined || token.namespace !== namespace.name) throw notFound();
  const object = objectOfTask(namespace, token.taskId);
  if (object === undefined) throw notFound();
  return { ...token, ledger: service.objects.get(object) };
}

/** The task as its ledger has it; 404 when it has been deleted. */
export async function taskOfLease({ ledger, taskId }: LeasedAttempt): Promise<Task> {
  const task = (await ledger.read([taskId]))[0] ?? null;
  if (task === null) throw notFound();
  return task;
}

/** Says whether the lease still holds. A guess before the ledger decides: only what the caller should not do in vain hangs on it. */
export function stillHeld(task: Task, { fence }: LeasedAttempt): boolean {
  return task.status === 'running' && task.lease.fence === fence;
}

export async function askOfLease({ ledger, taskId }: LeasedAttempt, command: TaskCommand['command']): Promise<CommandResult | undefined> {
  return (await ledger.execute([{ taskId, command }]))[0];
}
