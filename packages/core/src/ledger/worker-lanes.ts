/** Lanes of remote workers: what waits in them, in which order it is handed out. */
import type { TaskId } from '../id.ts';
import type { SqlStorage } from '../ledger-platform.ts';

/** Characters of large inputs in one answer: a call to an object stops at 32 MiB. */
const MAX_ANSWER_CHARACTERS = 4 * 1_048_576;

/** Ready tasks of `lanes`, first by priority, at most `limit` of them and no more than one answer takes. */
export function readyIn(sql: SqlStorage, lanes: readonly string[], limit: number): TaskId[] {
  const ids = lanes
    .flatMap((lane) =>
      sql.exec('SELECT id, priority FROM tasks WHERE ready = 1 AND lane = ? ORDER BY priority, id LIMIT ?', lane, limit).toArray(),
    )
    .sort((a, b) => Number(a['priority']) - Number(b['priority']) || (String(a['id']) < String(b['id']) ? -1 : 1))
    .slice(0, limit)
    .map((row) => String(row['id']) as TaskId);
  return ids.slice(0, fitting(sql, ids));
}

/** Says whether any task of `lanes` waits for a worker. */
export function hasReady(sql: SqlStorage, lanes: readonly string[]): boolean {
  return lanes.some((lane) => sql.exec('SELECT 1 AS one FROM tasks WHERE ready = 1 AND lane = ? LIMIT 1', lane).toArray().length > 0);
}

/** How many of these tasks, from the first on, fit one answer with their inputs; at least one. */
export function fitting(sql: SqlStorage, ids: readonly TaskId[]): number {
  const rows = sql
    .exec(
      `SELECT task_id, length(value) AS n FROM payloads WHERE name = 'input' AND task_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    )
    .toArray();
  const large = new Map(rows.map((row) => [String(row['task_id']), Number(row['n'])]));
  let characters = 0;
  const over = ids.findIndex((id, i) => (characters += large.get(id) ?? 0) > MAX_ANSWER_CHARACTERS && i > 0);
  return over === -1 ? ids.length : over;
}
