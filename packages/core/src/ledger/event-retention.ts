/** Deletes deliveries and events that are too old to be recognized or matched, oldest first. */
import type { SqlStorage } from '../ledger-platform.ts';
import { DEDUPE_MS } from './hook-receipts.ts';
import { EARLY_EVENT_LIFE_MS } from './meeting.ts';

/** Rows of each table that one stretch deletes at most, so that no tick is long. */
const MAX_DELETED = 250;

/** Deletes a stretch; `null` when nothing old is left. Ids are time-ordered, so the old ones are the first in their tables. */
export function sweepEvents(sql: SqlStorage, _after: string, at: number): string | null {
  const receipts = deleteOld(sql, 'hook_receipts', ['hook_bodies'], at - DEDUPE_MS);
  const offers = deleteOld(sql, 'event_offers', ['event_outputs'], at - EARLY_EVENT_LIFE_MS);
  return receipts === MAX_DELETED || offers === MAX_DELETED ? '' : null;
}

function deleteOld(sql: SqlStorage, table: string, belongings: readonly string[], before: number): number {
  const ids = sql
    .exec(`SELECT id, at FROM ${table} ORDER BY id LIMIT ${MAX_DELETED}`)
    .toArray()
    .filter((row) => Number(row['at']) < before)
    .map((row) => String(row['id']));
  for (const name of [table, ...belongings]) for (const id of ids) sql.exec(`DELETE FROM ${name} WHERE id = ?`, id);
  return ids.length;
}
