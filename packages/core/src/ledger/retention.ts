/** Deletes what has outlived its retention: finished tasks with all that belongs to them, and old idempotency keys. */
import { firstTaskIdAt } from '../id.ts';
import type { LedgerPlatform } from '../ports.ts';
import { isEnded } from '../task.ts';
import { IDEMPOTENCY_KEY_LIFE_MS } from './idempotency.ts';
import { readRow, TASK_COLUMNS } from './rows.ts';

/** Rows one sweep looks at, so that no tick is long. */
const MAX_SWEPT = 500;

/** Sweeps the oldest tasks once. Says whether it stopped at its bound, so that there may be more to do. */
export function sweep({ sql, transaction, now }: LedgerPlatform): boolean {
  const at = now();
  return transaction(() => {
    sql.exec(
      'DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE at < ? LIMIT ?)',
      at - IDEMPOTENCY_KEY_LIFE_MS,
      MAX_SWEPT,
    );
    const rows = sql
      .exec(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id < ? ORDER BY id LIMIT ?`, firstTaskIdAt(at - IDEMPOTENCY_KEY_LIFE_MS), MAX_SWEPT)
      .toArray();
    let deleted = 0;
    for (const row of rows) {
      const { task } = readRow(sql, row);
      if (!isEnded(task) || task.endedAt + task.retentionMs > at) continue;
      for (const table of ['tasks WHERE id', 'events WHERE task_id', 'payloads WHERE task_id', 'attempt_notes WHERE task_id'])
        sql.exec(`DELETE FROM ${table} = ?`, task.id);
      sql.exec(
        'UPDATE tally SET n = n - 1 WHERE type = ? AND kind = ? AND status = ? AND system = ?',
        task.type,
        task.kind,
        task.status,
        task.system ? 1 : 0,
      );
      deleted += 1;
    }
    return deleted > 0 && rows.length === MAX_SWEPT;
  });
}
