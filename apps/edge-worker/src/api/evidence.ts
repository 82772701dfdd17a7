/** Results that came too late, kept in the events of their task: a few of them, for whoever holds an old token could send them for ever. */
import type { LedgerObject } from '@errand/core/ports';
import type { TaskId } from '@errand/core/id';

const MAX_EVIDENCE = 10;

/** Says whether another late result of the task would be one too many. */
export async function hasEnoughEvidence(ledger: LedgerObject, id: TaskId): Promise<boolean> {
  const events = (await ledger.events(id, 0)) ?? [];
  return events.filter(({ change }) => change.type === 'task.result_refused').length >= MAX_EVIDENCE;
}
