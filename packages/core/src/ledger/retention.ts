/**
 * Deletes what has outlived its retention: finished tasks with all that belongs to them, and old idempotency keys.
 * Finished tasks are in no index, for an index would cost every task a write; so a pass walks the tables from one end to the
 * other, a bounded stretch at a time, and the ledger takes the next stretch in its next tick.
 */
import type { LedgerPlatform, SqlStorage, SqlValue } from '../ports.ts';
import { sweepEvents } from './event-retention.ts';
import { TERMINAL_STATUSES } from '../task.ts';
import { firstTaskIdAt } from '../id.ts';
import { IDEMPOTENCY_KEY_LIFE_MS } from './idempotency.ts';

/** Rows one stretch looks at, and the rows it deletes at most, so that no tick is long. */
const MAX_SEEN = 5_000;
const MAX_DELETED = 500;
/** A submit is repeated under its id when its answer is lost. For this long the id finds its task, whatever its retention. */
const REPEATED_WITHIN_MS = 3_600_000;
const TERMINAL = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ');
const BELONGINGS = ['tasks WHERE id', 'events WHERE task_id', 'payloads WHERE task_id', 'attempt_notes WHERE task_id'] as const;

const SWEPT = ['tasks', 'idempotency', 'hook_receipts', 'event_offers'] as const;

/** Where a pass stands: what is at or below these has been seen. `null` where that table is done. */
export interface Pass {
  readonly tasks: string | null;
  readonly keys: string | null;
  readonly events: string | null;
}

export const PASS_BEGIN: Pass = { tasks: '', keys: '', events: '' };
/** A pass begins this long after the end of the one before. */
const PASS_EVERY_MS = 3_600_000;

/** Minutes of throughput kept one by one. */
const MINUTES_KEPT_MS = 2 * 86_400_000;

/** Says whether there is anything to sweep, ever. Keys and deliveries may outlive their tasks; an object without any sleeps for good. */
export function holdsAnything(sql: SqlStorage): boolean {
  return SWEPT.some((table) => sql.exec(`SELECT 1 AS one FROM ${table} LIMIT 1`).toArray().length > 0);
}

/** When the next pass is due. Kept in the book, for an object that is seldom awake must neither forget it nor begin anew each time. */
export function nextPassAt(sql: SqlStorage): number {
  const row = sql.exec(`SELECT ended_at FROM passes WHERE name = 'retention'`).toArray()[0];
  return row === undefined ? 0 : Number(row['ended_at']) + PASS_EVERY_MS;
}

/** Takes the next stretch of a pass; `undefined` when the pass is done. */
export function sweep({ sql, transaction, now }: LedgerPlatform, pass: Pass): Pass | undefined {
  const at = now();
  return transaction(() => {
    const tasks = pass.tasks === null ? null : sweepTasks(sql, pass.tasks, at);
    const keys = pass.keys === null ? null : sweepKeys(sql, pass.keys, at);
    const events = pass.events === null ? null : sweepEvents(sql, pass.events, at);
    if (tasks !== null || keys !== null || events !== null) return { tasks, keys, events };
    foldThroughput(sql, at - MINUTES_KEPT_MS);
    sql.exec(`INSERT OR REPLACE INTO passes (name, ended_at) VALUES ('retention', ?)`, at);
    return undefined;
  });
}

function sweepTasks(sql: SqlStorage, after: string, at: number): string | null {
  const last = sql
    .exec(`SELECT MAX(id) AS id, COUNT(*) AS n FROM (SELECT id FROM tasks WHERE id > ? ORDER BY id LIMIT ${MAX_SEEN})`, after)
    .toArray()[0];
  const end = last?.['id'];
  if (typeof end !== 'string') return null;
  // A task outlives its idempotency key, so that the key never names a task that is gone.
  const rows = sql
    .exec(
      `SELECT id, type, kind, status, system FROM tasks
       WHERE id > ? AND id <= ? AND status IN (${TERMINAL})
         AND json_extract(state, '$.endedAt') + json_extract(spec, '$.retentionMs') <= ?
         AND (id < ? OR id < ? AND json_extract(spec, '$.idempotencyKey') IS NULL)
       ORDER BY id LIMIT ${MAX_DELETED}`,
      after,
      end,
      at,
      firstTaskIdAt(at - IDEMPOTENCY_KEY_LIFE_MS),
      firstTaskIdAt(at - REPEATED_WITHIN_MS),
    )
    .toArray();
  deleteTasks(sql, rows);
  if (rows.length === MAX_DELETED) return String(rows.at(-1)?.['id']);
  return Number(last?.['n']) < MAX_SEEN ? null : end;
}

/** One statement a table, however many tasks: a stretch is felt by callers. */
function deleteTasks(sql: SqlStorage, rows: readonly Record<string, SqlValue>[]): void {
  if (rows.length === 0) return;
  const ids = JSON.stringify(rows.map(({ id }) => id));
  for (const belonging of BELONGINGS) sql.exec(`DELETE FROM ${belonging} IN (SELECT value FROM json_each(?))`, ids);
  const gone = Map.groupBy(rows, ({ type, kind, status, system }) => JSON.stringify([type, kind, status, system]));
  for (const [key, { length }] of gone)
    sql.exec(
      'UPDATE tally SET n = n - ? WHERE type = ? AND kind = ? AND status = ? AND system = ?',
      length,
      ...(JSON.parse(key) as SqlValue[]),
    );
}

function sweepKeys(sql: SqlStorage, after: string, at: number): string | null {
  const last = sql
    .exec(`SELECT MAX(key) AS key, COUNT(*) AS n FROM (SELECT key FROM idempotency WHERE key > ? ORDER BY key LIMIT ${MAX_SEEN})`, after)
    .toArray()[0];
  const end = last?.['key'];
  if (typeof end !== 'string') return null;
  sql.exec('DELETE FROM idempotency WHERE key > ? AND key <= ? AND at < ?', after, end, at - IDEMPOTENCY_KEY_LIFE_MS);
  return Number(last?.['n']) < MAX_SEEN ? null : end;
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
