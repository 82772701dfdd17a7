/**
 * Idempotency keys: which task a key made, and from which body. A key lives in its home ledger; a task
 * that is kept elsewhere, in an inbox, has its key reserved there first, so that a repetition finds the same id.
 */
import type { TaskId } from '../id.ts';
import { parseTaskId } from '../id.ts';
import type { KeyedTask, Reservation, Reserved } from '../ledger-object.ts';
import type { LedgerPlatform, SqlStorage } from '../ledger-platform.ts';
import { reject, type Rejection } from '../rejection.ts';
import { storageFull, type StorageLimit } from './storage-limit.ts';

/** Idempotency keys live this long. */
export const IDEMPOTENCY_KEY_LIFE_MS = 86_400_000;

/** The task a living key made, or `undefined`. */
export function findKey(sql: SqlStorage, key: string, now: number): KeyedTask | undefined {
  const row = sql.exec('SELECT task_id, digest, at FROM idempotency WHERE key = ?', key).toArray()[0];
  if (row === undefined || Number(row['at']) < now - IDEMPOTENCY_KEY_LIFE_MS) return undefined;
  return { taskId: String(row['task_id']) as TaskId, digest: String(row['digest']) };
}

/** What each of the keys has made; `null` for one that made nothing. */
export function tasksOfKeys({ sql, now }: LedgerPlatform, keys: readonly string[]): (KeyedTask | null)[] {
  const at = now();
  return keys.map((key) => findKey(sql, key, at) ?? null);
}

/** Notes that `key` made the task. */
export function keepKey(sql: SqlStorage, key: string, taskId: TaskId, digest: string, now: number): void {
  sql.exec('INSERT OR REPLACE INTO idempotency (key, task_id, digest, at) VALUES (?, ?, ?, ?)', key, taskId, digest, now);
}

/** The rejection of a key that came with another body. */
export function otherBody(): Rejection {
  return reject('idempotency_conflict', 'This idempotency key was used with another body. Send a new key, or the same body.');
}

/** The rejection of a key whose task is kept by an object of another sort: the type changed its kind in between. */
export function otherKind(): Rejection {
  return reject('idempotency_conflict', 'This idempotency key made a task of another kind: its type has a new version. Send a new key.');
}

/**
 * Reserves keys for tasks that another object will keep. The first to reserve a key names the task for everybody after it. A
 * ledger that is full knows its keys and takes no new one.
 */
export function reserveKeys(
  { sql, transaction, now }: LedgerPlatform,
  limit: StorageLimit,
  reservations: readonly Reservation[],
): Reserved[] {
  const at = now();
  return transaction(() =>
    reservations.map(({ key, taskId, digest }): Reserved => {
      const known = findKey(sql, key, at);
      if (known === undefined) {
        if (limit.isReached(at)) return { ok: false, rejection: storageFull() };
        keepKey(sql, key, taskId, digest, at);
        return { ok: true, taskId };
      }
      if (known.digest !== digest) return { ok: false, rejection: otherBody() };
      if (parseTaskId(known.taskId)?.object !== parseTaskId(taskId)?.object) return { ok: false, rejection: otherKind() };
      return { ok: true, taskId: known.taskId };
    }),
  );
}
