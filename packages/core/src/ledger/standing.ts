/** Where a task stands in its ledger: what is before it in line, and what became of its dispatch. */
import type { Standing } from '../ledger-object.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import type { Task } from '../task.ts';
import type { StoredTask } from './rows.ts';

/** What the ledger keeps in memory of a task's lane and lease. */
export interface Surroundings extends Pick<Standing, 'polledAt' | 'watchingSince' | 'leaseUntil'> {
  /** Tasks in the lane's hands. */
  readonly inLane: number;
}

export function standingOf(sql: SqlStorage, stored: StoredTask, { inLane, ...rest }: Surroundings): Standing {
  const { task, ready, inFlight, wakeAt } = stored;
  return {
    ahead: ready ? countAhead(sql, task) + inLane : 0,
    dispatched: inFlight && task.status === 'queued',
    resendAt: wakeAt,
    ...rest,
  };
}

/** Tasks that wait in the same lane and go first. */
function countAhead(sql: SqlStorage, { id, priority, route: { lane } }: Task): number {
  const row = sql
    .exec(
      'SELECT COUNT(*) AS n FROM tasks WHERE ready = 1 AND lane = ? AND (priority < ? OR (priority = ? AND id < ?))',
      lane,
      priority,
      priority,
      id,
    )
    .toArray()[0];
  return Number(row?.['n'] ?? 0);
}
