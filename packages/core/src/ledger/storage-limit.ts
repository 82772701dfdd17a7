/**
 * When a ledger is full. A database that has grown to its platform's last byte takes no row any more, so that the tasks in it
 * could not even end. A ledger therefore stops taking new tasks well before: what is left is for finishing those it has.
 * Retention frees room as their time passes, and it takes new ones again.
 */
import type { SqlStorage } from '../ledger-platform.ts';
import { reject, type Rejection } from '../rejection.ts';

/** A Durable Object holds 10 GB (https://developers.cloudflare.com/durable-objects/platform/limits/). */
export const FULL_AT_BYTES = 8_000_000_000;
/** A look costs statements. What a ledger writes within a second, some 10 MB, is little beside the 2 GB that are left. */
const LOOK_EVERY_MS = 1_000;

export class StorageLimit {
  readonly #sql: SqlStorage;
  #isReached = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Whether the database is full, as far as was seen in the second before `now`, epoch ms. */
  isReached(now: number): boolean {
    const agoMs = now - this.#lookedAt;
    // A clock that was set back does not keep what it saw in the future.
    if (agoMs >= 0 && agoMs < LOOK_EVERY_MS) return this.#isReached;
    this.#lookedAt = now;
    this.#isReached = this.#sql.databaseSize >= FULL_AT_BYTES;
    return this.#isReached;
  }
}

/** The rejection of what would need more room. */
export function storageFull(): Rejection {
  return reject(
    'storage_full',
    'The storage of this shard is full: it takes no new task before older ones are deleted. Nothing was stored.',
  );
}
