/** Deletes what has outlived its retention: finished tasks with all that belongs to them, and old idempotency keys. */
import { firstTaskIdAt } from '../id.ts';
import type { LedgerPlatform, SqlStorage } from '../ports.ts';
import { isEnded } from '../task.ts';
import { IDEMPOTENCY_KEY_LIFE_MS } from './commit.ts';
import { readRow, TASK_COLUMNS } from './rows.ts';

/** Rows one sweep looks at, so that no tick is long. */
const MAX_SWEPT = 500;
/** Minutes of throughput kept one by one. */
const MINUTES_KEPT_MS = 2 * 86_400_000;

/** Sweeps the oldest tasks once. Says whether it stopped at its bound, so that there may be more to do. */
export function sweep({ sql, transaction, now }: LedgerPlatform): boolean {
  const at = now();
  return transaction(() => {
    sql.exec(
      'DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE at < ? LIMIT ?)',
      at - IDEMPOTENCY_KEY_LIFE_MS,
      MAX_SWEPT,
    );
    foldThroughput(sql, at - MINUTES_KEPT_MS);
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

/** Minutes older than `before` are summed up in the minute 0, so that totals stay and rows do not grow. */
function foldThroughput(sql: SqlStorage, before: number): void {
  const old = sql.exec('SELECT status, SUM(n) AS n FROM throughput WHERE minute > 0 AND minute < ? GROUP BY status', before).toArray();
  if (old.length === 0) return;
  sql.exec('DELETE FROM throughput WHERE minute > 0 AND minute < ?', before);
  for (const row of old)
    sql.exec(
      'INSERT INTO throughput (minute, status, n) VALUES (0, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
      String(row['status']),
      Number(row['n']),
    );
}
