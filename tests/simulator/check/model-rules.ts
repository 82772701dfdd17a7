/** Who may do what, and what may follow what: the lists that the model of a task looks into. */
import type { TaskSpec } from '@errand/core/task';

/** People who may release what others hold. */
export const ADMINS: ReadonlySet<string> = new Set(['admin']);

/** What may befall a paused task: nothing starts it again but who resumes it. */
export const WHILE_PAUSED: ReadonlySet<string> = new Set([
  'task.resumed',
  'task.updated',
  'task.paused',
  'task.completed',
  'task.failed',
  'task.timed_out',
  'task.expired',
  'task.canceled',
  'task.skipped',
  'task.result_refused',
]);

/** What may follow once a running attempt was asked to stop. */
export const AFTER_A_CANCEL: ReadonlySet<string> = new Set([
  'task.canceled',
  'task.result_refused',
  'task.redriven',
  'task.updated',
  'task.resumed',
]);

/** Says whether a person is among the candidates. */
export function mayTake({ candidates }: TaskSpec, person: { readonly id: string; readonly groups: readonly string[] }): boolean {
  if (candidates === undefined || candidates.users.length + candidates.groups.length === 0) return true;
  return candidates.users.includes(person.id) || candidates.groups.some((group) => person.groups.includes(group));
}
