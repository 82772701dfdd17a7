/**
 * Evidence: results that came after their attempt had lost the task. They are kept in the task's events, but only a few, because
 * whoever holds an old token could send them for ever.
 */
import type { LedgerObject } from '@errand/core/ledger-object';
import type { TaskId } from '@errand/core/id';

/** Late results kept of one task. */
const MAX_EVIDENCE = 10;

/** Says whether a task has as many late results as are kept. */
export async function hasEnoughEvidence(ledger: LedgerObject, id: TaskId): Promise<boolean> {
  const events = (await ledger.events(id, 0)) ?? [];
  return events.filter(({ change }) => change.type === 'task.result_refused').length >= MAX_EVIDENCE;
}
