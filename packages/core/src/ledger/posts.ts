/**
 * Posts: the only protocol between objects. A post is a row in its sender's transaction, sent again until it is
 * acknowledged, and applied once, by its number. One batch is under way to a destination at a time, oldest first, so posts
 * arrive in the order in which they were written, and the receiver need only remember how far it got.
 */
import type { NumberedPost, Post } from '../hook-delivery.ts';
import type { LedgerPlatform, SqlStorage } from '../ledger-platform.ts';

const MAX_BATCH = 100;
/** First wait after a batch that was not acknowledged; doubled each time, at most {@link RESEND_MAX_MS}. */
export const RESEND_FIRST_MS = 1_000;
const RESEND_MAX_MS = 60_000;

/** Writes a post in the transaction under way. */
export function writePost(sql: SqlStorage, destination: string, post: Post): void {
  sql.exec('INSERT INTO posts (destination, post) VALUES (?, ?)', destination, JSON.stringify(post));
}

/** Those of `posts` that this object has not seen, in order; from now on it has seen them. */
export function newPosts(sql: SqlStorage, sender: string, posts: readonly NumberedPost[]): Post[] {
  const seen = Number(sql.exec('SELECT sequence FROM post_heads WHERE sender = ?', sender).toArray()[0]?.['sequence'] ?? 0);
  const fresh = posts.filter(({ sequence }) => sequence > seen);
  const last = fresh.at(-1);
  if (last !== undefined) sql.exec('INSERT OR REPLACE INTO post_heads (sender, sequence) VALUES (?, ?)', sender, last.sequence);
  return fresh.map(({ post }) => post);
}

/** Sends what is written. What it remembers is no truth: a new one after a crash begins with the oldest row. */
export class PostOffice {
  readonly #platform: LedgerPlatform;
  readonly #sender: string;
  readonly #wakeBy: (at: number) => void;
  readonly #underWay = new Set<string>();
  readonly #failures = new Map<string, { readonly count: number; readonly retryAt: number }>();

  /** `wakeBy` asks for a call of {@link send} at that time, epoch ms. */
  constructor(platform: LedgerPlatform, sender: string, wakeBy: (at: number) => void) {
    this.#platform = platform;
    this.#sender = sender;
    this.#wakeBy = wakeBy;
  }

  /** A process may have left posts behind. */
  get holdsPosts(): boolean {
    return this.#platform.sql.exec('SELECT 1 AS one FROM posts LIMIT 1').toArray().length > 0;
  }

  /** Sends to every destination that is not under way and not waiting for its next try. Never throws. */
  send(): void {
    const now = this.#platform.now();
    for (const row of this.#platform.sql.exec('SELECT DISTINCT destination FROM posts').toArray()) {
      const destination = String(row['destination']);
      const retryAt = this.#failures.get(destination)?.retryAt ?? 0;
      if (this.#underWay.has(destination)) continue;
      if (retryAt > now) this.#wakeBy(retryAt);
      else this.#sendTo(destination).catch((fault: unknown) => console.warn('posts were not sent; the next wake-up tries again', fault));
    }
  }

  async #sendTo(destination: string): Promise<void> {
    const { sql, post, durable, now } = this.#platform;
    this.#underWay.add(destination);
    try {
      for (let batch = this.#oldest(destination); batch.length > 0; batch = this.#oldest(destination)) {
        // Another commit may have written one just now. A number that was seen and then lost would be given again, and not heard.
        await durable();
        await post(destination, this.#sender, batch);
        sql.exec('DELETE FROM posts WHERE destination = ? AND sequence <= ?', destination, batch.at(-1)?.sequence ?? 0);
        this.#failures.delete(destination);
      }
    } catch (fault) {
      const count = (this.#failures.get(destination)?.count ?? 0) + 1;
      const retryAt = now() + Math.min(RESEND_FIRST_MS * 2 ** (count - 1), RESEND_MAX_MS);
      this.#failures.set(destination, { count, retryAt });
      console.warn('posts were not acknowledged; they will be sent again', fault);
      this.#wakeBy(retryAt);
    } finally {
      this.#underWay.delete(destination);
    }
  }

  #oldest(destination: string): NumberedPost[] {
    return this.#platform.sql
      .exec('SELECT sequence, post FROM posts WHERE destination = ? ORDER BY sequence LIMIT ?', destination, MAX_BATCH)
      .toArray()
      .map((row) => ({ sequence: Number(row['sequence']), post: JSON.parse(String(row['post'])) as Post }));
  }
}
