/** What a ledger answers without changing anything: lists, counts, events, attempts. */
import type { Attempt, LogLine } from '../attempt.ts';
import type { TaskEvent } from '../event.ts';
import { firstTaskIdAt, type TaskId } from '../id.ts';
import type { Json } from '../json.ts';
import type { TaskFilter } from '../ledger-object.ts';
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';
import type { Status, Task } from '../task.ts';
import { foldAttempts } from './fold-attempts.ts';
import { loadEvents, loadTask, readRow, TASK_COLUMNS } from './rows.ts';

/** Rows one list call looks at. A rarer match is found by following the cursor. */
export const MAX_SCANNED = 20_000;

/** Characters of payloads in one answer: a call to an object stops at 32 MiB, and many objects are asked at once. */
const MAX_ANSWER_CHARACTERS = 4 * 1_048_576;

/** Newest first, below the id `before`. `scannedTo` says where a scan stopped that found less than it could. */
export function listTasks(
  sql: SqlStorage,
  filter: TaskFilter,
  before: string | null,
  limit: number,
): { items: Task[]; scannedTo: string | null } {
  const { where, bindings } = conditions(filter);
  const [range, rangeBindings] = idRange(filter, before);
  const scan = `SELECT * FROM tasks ${range} ORDER BY id DESC LIMIT ${MAX_SCANNED}`;
  const rows = sql
    .exec(`SELECT ${TASK_COLUMNS} FROM (${scan}) ${where} ORDER BY id DESC LIMIT ?`, ...rangeBindings, ...bindings, limit)
    .toArray();
  const { fit, items } = fittingPage(sql, rows);
  if (!fit) return { items, scannedTo: items.at(-1)?.id ?? null };
  if (items.length === limit) return { items, scannedTo: null };
  const last = sql.exec(`SELECT id FROM tasks ${range} ORDER BY id DESC LIMIT 1 OFFSET ${MAX_SCANNED - 1}`, ...rangeBindings).toArray()[0];
  return { items, scannedTo: last === undefined ? null : String(last['id']) };
}

/** The tasks of as many rows as one answer takes with their large payloads; at least one, or a page would never come. */
function fittingPage(sql: SqlStorage, rows: readonly Record<string, SqlValue>[]): { fit: boolean; items: Task[] } {
  const items: Task[] = [];
  let characters = 0;
  for (const row of rows) {
    if (row['big_input'] === 1 || row['big_output'] === 1)
      characters += Number(
        sql.exec('SELECT SUM(length(value)) AS n FROM payloads WHERE task_id = ?', row['id'] ?? null).toArray()[0]?.['n'],
      );
    if (items.length > 0 && characters > MAX_ANSWER_CHARACTERS) return { fit: false, items };
    items.push(readRow(sql, row).task);
  }
  return { fit: true, items };
}

/** Tasks by status. Answered from the tally where the filter allows it, else by a scan. */
export function countTasks(sql: SqlStorage, filter: TaskFilter): Partial<Record<Status, number>> {
  const { where, bindings } = conditions(filter);
  const [range, rangeBindings] = idRange(filter, null);
  const tallied =
    filter.version === undefined &&
    filter.tag === undefined &&
    filter.holder === undefined &&
    filter.createdAfter === undefined &&
    filter.createdBefore === undefined;
  const rows = tallied
    ? sql.exec(`SELECT status, SUM(n) AS n FROM tally ${where} GROUP BY status`, ...bindings).toArray()
    : sql
        .exec(`SELECT status, COUNT(*) AS n FROM (SELECT * FROM tasks ${range}) ${where} GROUP BY status`, ...rangeBindings, ...bindings)
        .toArray();
  return Object.fromEntries(rows.filter((row) => Number(row['n']) > 0).map((row) => [String(row['status']), Number(row['n'])]));
}

/** Events of a task after a sequence, or `null` when there is no such task. */
export function eventsOf(sql: SqlStorage, id: TaskId, afterSequence: number): TaskEvent[] | null {
  const events = loadEvents(sql, id, afterSequence);
  return events.length > 0 || loadTask(sql, id) !== undefined ? events : null;
}

/** Attempts of a task, or `null` when there is no such task. Of many attempts that noted much, the newest keep their notes. */
export function attemptsOf(sql: SqlStorage, id: TaskId): Attempt[] | null {
  const events = loadEvents(sql, id, 0);
  if (events.length === 0) return null;
  const rows = sql.exec('SELECT fence, logs, checkpoint FROM attempt_notes WHERE task_id = ? ORDER BY fence DESC', id).toArray();
  let characters = 0;
  const fit = rows.filter(
    (row) => (characters += String(row['logs']).length + String(row['checkpoint'] ?? '').length) <= MAX_ANSWER_CHARACTERS,
  );
  const notes = new Map(
    fit.map((row) => [
      Number(row['fence']),
      {
        logs: JSON.parse(String(row['logs'])) as LogLine[],
        ...(row['checkpoint'] === null ? {} : { checkpoint: JSON.parse(String(row['checkpoint'])) as Json }),
      },
    ]),
  );
  return foldAttempts(events, notes);
}

/** Ended tasks a minute, as `[minute, status, count]`. */
export function throughputSince(sql: SqlStorage, since: number): [number, Status, number][] {
  return sql
    .exec('SELECT minute, status, n FROM throughput WHERE minute >= ? ORDER BY minute', since)
    .toArray()
    .map((row) => [Number(row['minute']), String(row['status']) as Status, Number(row['n'])]);
}

function conditions(filter: TaskFilter): { where: string; bindings: SqlValue[] } {
  const parts: string[] = [];
  const bindings: SqlValue[] = [];
  const add = (part: string, ...values: SqlValue[]): void => {
    parts.push(part);
    bindings.push(...values);
  };
  if (filter.system !== true) parts.push('system = 0');
  if (filter.status !== undefined) add(`status IN (${filter.status.map(() => '?').join(', ')})`, ...filter.status);
  if (filter.type !== undefined) add('type = ?', filter.type);
  if (filter.version !== undefined) add('version = ?', filter.version);
  if (filter.kind !== undefined) add('kind = ?', filter.kind);
  if (filter.holder !== undefined) add('holder = ?', filter.holder);
  if (filter.tag !== undefined) add(`EXISTS (SELECT 1 FROM json_each(spec, '$.tags') WHERE value = ?)`, filter.tag);
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, bindings };
}

function idRange(filter: TaskFilter, before: string | null): [string, SqlValue[]] {
  const parts: string[] = [];
  const bindings: SqlValue[] = [];
  if (before !== null) {
    parts.push('id < ?');
    bindings.push(before);
  }
  if (filter.createdAfter !== undefined) {
    parts.push('id >= ?');
    bindings.push(firstTaskIdAt(filter.createdAfter));
  }
  if (filter.createdBefore !== undefined) {
    parts.push('id < ?');
    bindings.push(firstTaskIdAt(filter.createdBefore));
  }
  return [parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, bindings];
}
