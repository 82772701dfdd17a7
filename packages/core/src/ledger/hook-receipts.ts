/**
 * The deliveries that reached a hook, kept in the one ledger that is the hook's home: of each a receipt that says what became of it. An
 * accepted delivery is kept with its headers and body, for as long as a repetition of it is recognized, because the task that
 * processes it (`hookSpec`) reads them here. Bodies are in rows of their own: a receipt's outcome changes, and a row that changes must
 * stay small.
 *
 * ```
 *  receive ──► processing ──settle──► what came of it: a task was made or completed, it came early, nothing, failed
 *     └──────► duplicate  (the same event id or the same body, within a week)
 *  refuse  ──► refused    (a wrong signature, or too large)
 * ```
 */
import type { DeliveryId, DeliveryOutcome, DeliveryResult, KeptDelivery, ListedDelivery, NewDelivery, Received } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import { hookSpec } from '../lifecycle/event-tasks.ts';
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';
import type { TaskError } from '../task.ts';
import type { SystemTasks } from './system-tasks.ts';

/** For this long a delivery with the same event id or the same body counts as a repetition: longer than any sender tries again. */
export const DEDUPE_MS = 7 * 86_400_000;
/** Receipts kept of the refused and repeated deliveries of one hook. Anybody can send such, without a secret, so they must not pile up. */
const MAX_IDLE_RECEIPTS = 1_000;
/** Those beyond are deleted when the new receipt's id ends so, once in 32 times: ids are random, and to look each time would cost too much. */
const TRIM_ON = '0';

/** Keeps a delivery and inserts the system task that processes it; or tells which earlier delivery it repeats. */
export function receive(sql: SqlStorage, delivery: NewDelivery, commit: SystemTasks): Received {
  const { id, hookId, eventId, digest } = delivery;
  // The same call again, after its answer was lost.
  const known = sql.exec('SELECT outcome, duplicate_of FROM hook_receipts WHERE id = ?', id).toArray()[0];
  if (known !== undefined) {
    const first = known['duplicate_of'];
    return typeof first === 'string' ? { kind: 'duplicate', deliveryId: first as DeliveryId } : { kind: 'accepted', deliveryId: id };
  }
  const first = earlier(sql, hookId, eventId, digest, commit.now - DEDUPE_MS);
  if (first !== undefined) {
    insert(sql, { id, hookId, at: commit.now, outcome: 'duplicate', shownEventId: eventId, duplicateOf: first });
    trim(sql, id, hookId);
    return { kind: 'duplicate', deliveryId: first };
  }
  insert(sql, { id, hookId, at: commit.now, outcome: 'processing', shownEventId: eventId, eventId, digest });
  sql.exec(
    'INSERT INTO hook_bodies (id, headers, body, encoding) VALUES (?, ?, ?, ?)',
    id,
    JSON.stringify(delivery.headers),
    delivery.body,
    delivery.encoding,
  );
  commit.submitSystemTask((taskId) => hookSpec(taskId, commit.namespace, hookId, id, commit.now));
  return { kind: 'accepted', deliveryId: id };
}

/** Keeps the receipt of a delivery that was not accepted, and nothing of its content: anybody may have sent it. */
export function refuse(sql: SqlStorage, id: DeliveryId, hookId: string, error: TaskError, now: number): void {
  if (sql.exec('SELECT 1 AS known FROM hook_receipts WHERE id = ?', id).toArray().length > 0) return;
  insert(sql, { id, hookId, at: now, outcome: 'refused', error });
  trim(sql, id, hookId);
}

/** Writes what became of a delivery. Once it has had its effect, a later call changes nothing. */
export function settle(sql: SqlStorage, id: DeliveryId, { outcome, taskId, error }: DeliveryResult): void {
  sql.exec(
    `UPDATE hook_receipts SET outcome = ?, task_id = ?, error = ? WHERE id = ? AND outcome IN ('processing', 'early')`,
    outcome,
    taskId ?? null,
    error === undefined ? null : JSON.stringify(error),
    id,
  );
}

/** A delivery with its headers and body; `null` where they are not kept, or not any more. */
export function readDelivery(sql: SqlStorage, id: DeliveryId): KeptDelivery | null {
  const row = sql
    .exec('SELECT hook_id, outcome, headers, body, encoding FROM hook_receipts JOIN hook_bodies USING (id) WHERE hook_receipts.id = ?', id)
    .toArray()[0];
  if (row === undefined) return null;
  return {
    id,
    hookId: String(row['hook_id']),
    outcome: String(row['outcome']) as DeliveryOutcome,
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    body: String(row['body']),
    encoding: String(row['encoding']) as KeptDelivery['encoding'],
  };
}

/** Deliveries of a hook, newest first. */
export function listDeliveries(sql: SqlStorage, hookId: string, before: string | null, limit: number): ListedDelivery[] {
  return sql
    .exec(
      `SELECT id, at, outcome, shown_event_id, task_id, duplicate_of, error FROM hook_receipts
       WHERE hook_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
      hookId,
      before ?? '~',
      limit,
    )
    .toArray()
    .map((row) => ({
      id: String(row['id']) as DeliveryId,
      at: Number(row['at']),
      outcome: String(row['outcome']) as DeliveryOutcome,
      ...(row['shown_event_id'] === null ? {} : { eventId: String(row['shown_event_id']) }),
      ...(row['task_id'] === null ? {} : { taskId: String(row['task_id']) as TaskId }),
      ...(row['duplicate_of'] === null ? {} : { duplicateOf: String(row['duplicate_of']) as DeliveryId }),
      ...(row['error'] === null ? {} : { error: JSON.parse(String(row['error'])) as TaskError }),
    }));
}

interface Receipt {
  readonly id: DeliveryId;
  readonly hookId: string;
  readonly at: number;
  readonly outcome: DeliveryOutcome;
  readonly shownEventId?: string | null;
  /** The event id and the digest of the body by which a repetition is recognized. Only an accepted delivery has them. */
  readonly eventId?: string | null;
  readonly digest?: string;
  readonly duplicateOf?: DeliveryId;
  readonly error?: TaskError;
}

function insert(sql: SqlStorage, { id, hookId, at, outcome, shownEventId, eventId, digest, duplicateOf, error }: Receipt): void {
  const values: SqlValue[] = [id, hookId, at, outcome, shownEventId ?? null, eventId ?? null, digest ?? null, duplicateOf ?? null];
  sql.exec(
    `INSERT INTO hook_receipts (id, hook_id, at, outcome, shown_event_id, event_id, digest, duplicate_of, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...values,
    error === undefined ? null : JSON.stringify(error),
  );
}

/** The accepted delivery since `since` that has this event id or this body. */
function earlier(sql: SqlStorage, hookId: string, eventId: string | null, digest: string, since: number): DeliveryId | undefined {
  const byEvent =
    eventId === null
      ? undefined
      : sql
          .exec('SELECT id FROM hook_receipts WHERE hook_id = ? AND event_id = ? AND at >= ? LIMIT 1', hookId, eventId, since)
          .toArray()[0];
  const found =
    byEvent ??
    sql.exec('SELECT id FROM hook_receipts WHERE hook_id = ? AND digest = ? AND at >= ? LIMIT 1', hookId, digest, since).toArray()[0];
  return found === undefined ? undefined : (String(found['id']) as DeliveryId);
}

/** Once in a while, deletes the oldest receipts of refused and repeated deliveries, down to {@link MAX_IDLE_RECEIPTS}. */
function trim(sql: SqlStorage, id: DeliveryId, hookId: string): void {
  if (!id.endsWith(TRIM_ON)) return;
  sql.exec(
    `DELETE FROM hook_receipts WHERE id IN (SELECT id FROM hook_receipts
       WHERE hook_id = ? AND outcome IN ('refused', 'duplicate') ORDER BY id DESC LIMIT -1 OFFSET ${MAX_IDLE_RECEIPTS})`,
    hookId,
  );
}
