/**
 * Deletes what has outlived its retention: finished tasks with all that belongs to them, idempotency keys, deliveries of hooks.
 *
 * Finished tasks are in no index, for an index would cost every task a write. So all rows have to be looked at, which takes too long
 * for one go: a *pass* goes through the tables once, in the order of their keys, and is cut into *stretches* of a bounded number of
 * rows. Each stretch is one transaction, and {@link Pass} says where the next one goes on. `sweeps.ts` says when.
 *
 * ```
 *  tasks by id   |▓▓▓▓▓▓▓▓▓▓▓▓|············|···········    the end: tasks younger than an hour
 *                 seen before   a stretch    still to come
 * ```
 */
import type { LedgerPlatform, SqlStorage, SqlValue } from '../ledger-platform.ts';
import { sweepEvents } from './event-retention.ts';
import { TERMINAL_STATUSES } from '../task.ts';
import { firstTaskIdAt, type TaskId } from '../id.ts';
import { IDEMPOTENCY_KEY_LIFE_MS } from './idempotency.ts';

/** Rows that a stretch looks at, for each that it may delete: most rows may stay, and to look costs a fifth of a deletion. */
const SEEN_PER_DELETED = 10;
const MAX_SEEN = 5_000;
/** A submit is repeated under its id when its answer is lost. For this long the id finds its task, whatever its retention. */
const REPEATED_WITHIN_MS = 3_600_000;
const TERMINAL = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ');
const BELONGINGS = [
  ['tasks', 'id'],
  ['events', 'task_id'],
  ['payloads', 'task_id'],
  ['attempt_notes', 'task_id'],
] as const;

const SWEPT = ['tasks', 'idempotency', 'hook_receipts', 'event_offers'] as const;

/** Where a pass stands in each table: rows whose key is at or below this have been looked at. `null` where it is through with the table. */
export interface Pass {
  readonly tasks: string | null;
  readonly keys: string | null;
  readonly events: string | null;
}

/** Before its first stretch. */
export const PASS_BEGIN: Pass = { tasks: '', keys: '', events: '' };
/** A pass begins this long after the end of the one before. */
const PASS_EVERY_MS = 3_600_000;

/** How long throughput is kept by the minute. */
const MINUTES_KEPT_MS = 2 * 86_400_000;

/** Whether there is anything that a pass will ever delete. Without, the object needs no alarm: it may sleep for good. */
export function holdsAnything(sql: SqlStorage): boolean {
  return SWEPT.some((table) => sql.exec(`SELECT 1 AS one FROM ${table} LIMIT 1`).toArray().length > 0);
}

/** When the next pass is due. It is stored: an object that is seldom awake must neither forget it nor begin a pass each time it wakes. */
export function nextPassAt(sql: SqlStorage): number {
  const row = sql.exec(`SELECT ended_at FROM passes WHERE name = 'retention'`).toArray()[0];
  return row === undefined ? 0 : Number(row['ended_at']) + PASS_EVERY_MS;
}

/** The first id of the tasks that a pass at this time leaves alone because they are too young. */
export function firstYoungAt(at: number): TaskId {
  return firstTaskIdAt(at - REPEATED_WITHIN_MS);
}

/** How much one stretch does at most, so that no tick is long. */
interface Bounds {
  /** Tasks that it deletes. */
  readonly most: number;
  /** Tasks that it looks at. */
  readonly seen: number;
}

/** Does the next stretch of a pass, which deletes at most `most` tasks. Gives where the pass then stands; `undefined` when it is done. */
export function sweep({ sql, transaction, now }: LedgerPlatform, pass: Pass, most: number): Pass | undefined {
  const at = now();
  return transaction(() => {
    const seen = Math.min(most * SEEN_PER_DELETED, MAX_SEEN);
    const tasks = pass.tasks === null ? null : sweepTasks(sql, pass.tasks, at, { most, seen });
    const keys = pass.keys === null ? null : sweepKeys(sql, pass.keys, at, seen);
    const events = pass.events === null ? null : sweepEvents(sql, pass.events, at);
    if (tasks !== null || keys !== null || events !== null) return { tasks, keys, events };
    foldThroughput(sql, at - MINUTES_KEPT_MS);
    sql.exec(`INSERT OR REPLACE INTO passes (name, ended_at) VALUES ('retention', ?)`, at);
    return undefined;
  });
}

function sweepTasks(sql: SqlStorage, after: string, at: number, { most, seen }: Bounds): string | null {
  const young = firstYoungAt(at);
  // A task outlives its idempotency key, so that the key never names a task that is gone.
  const due = `SELECT id, type, kind, status, system FROM (SELECT * FROM tasks WHERE id > ? AND id < ? ORDER BY id LIMIT ${seen})
    WHERE status IN (${TERMINAL})
      AND json_extract(state, '$.endedAt') + json_extract(spec, '$.retentionMs') <= ?
      AND (id < ? OR json_extract(spec, '$.idempotencyKey') IS NULL)
    LIMIT ${most}`;
  const groups = sql
    .exec(
      `SELECT type, kind, status, system, COUNT(*) AS n, MIN(id) AS first, MAX(id) AS last, json_group_array(id) AS ids
       FROM (${due}) GROUP BY type, kind, status, system`,
      after,
      young,
      at,
      firstTaskIdAt(at - IDEMPOTENCY_KEY_LIFE_MS),
    )
    .toArray()
    .map(groupOf);
  const deleted = groups.reduce((sum, { n }) => sum + n, 0);
  if (deleted > 0) deleteTasks(sql, groups, deleted);
  if (deleted === most) return extremeOf(groups, 'last');
  const left = seen - deleted;
  const end = sql.exec(`SELECT id FROM tasks WHERE id > ? AND id < ? ORDER BY id LIMIT 1 OFFSET ${left - 1}`, after, young).toArray()[0];
  return end === undefined ? null : String(end['id']);
}

/** Tasks that a stretch deletes and that one row of the tally counts together. */
interface Group {
  readonly counted: readonly SqlValue[];
  readonly n: number;
  readonly first: string;
  readonly last: string;
  /** Their ids, as JSON: they go back into SQL and are read nowhere else. */
  readonly ids: string;
}

function groupOf({ type = null, kind = null, status = null, system = null, n, first, last, ids }: Record<string, SqlValue>): Group {
  return { counted: [type, kind, status, system], n: Number(n), first: String(first), last: String(last), ids: String(ids) };
}

/** The lowest `first` or the highest `last`. */
function extremeOf(groups: readonly Group[], end: 'first' | 'last'): string {
  const ids = groups.map((group) => group[end]).toSorted();
  return ids.at(end === 'first' ? 0 : -1) ?? '';
}

/** Where every task between the first and the last is to go, the range is deleted: that costs half of deleting by ids, and is the usual case. */
function deleteTasks(sql: SqlStorage, groups: readonly Group[], count: number): void {
  const [first, last] = [extremeOf(groups, 'first'), extremeOf(groups, 'last')];
  const there = sql.exec('SELECT COUNT(*) AS n FROM tasks WHERE id >= ? AND id <= ?', first, last).toArray()[0]?.['n'];
  for (const [table, id] of BELONGINGS) {
    if (there === count) sql.exec(`DELETE FROM ${table} WHERE ${id} >= ? AND ${id} <= ?`, first, last);
    else for (const { ids } of groups) sql.exec(`DELETE FROM ${table} WHERE ${id} IN (SELECT value FROM json_each(?))`, ids);
  }
  for (const { n, counted } of groups)
    sql.exec('UPDATE tally SET n = n - ? WHERE type = ? AND kind = ? AND status = ? AND system = ?', n, ...counted);
}

function sweepKeys(sql: SqlStorage, after: string, at: number, seen: number): string | null {
  const last = sql
    .exec(`SELECT MAX(key) AS key, COUNT(*) AS n FROM (SELECT key FROM idempotency WHERE key > ? ORDER BY key LIMIT ${seen})`, after)
    .toArray()[0];
  const end = last?.['key'];
  if (typeof end !== 'string') return null;
  sql.exec('DELETE FROM idempotency WHERE key > ? AND key <= ? AND at < ?', after, end, at - IDEMPOTENCY_KEY_LIFE_MS);
  return Number(last?.['n']) < seen ? null : end;
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
