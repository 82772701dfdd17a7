/**
 * When a ledger deletes what has outlived its retention, and how much of it at a time (`retention.ts` does it). While a pass lasts, a
 * stretch is done every 100 ms, and callers are served in between. The more tasks have ended since the last stretch, the more the next
 * one deletes: so deletions keep up at any rate, and never take more than a fixed share of the time. While nobody calls, more is deleted.
 *
 * ```
 *  pass   |stretch|  100 ms  |stretch|  100 ms  |stretch|            an hour            |stretch| …
 * ```
 */
import type { TaskId } from '../id.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { firstYoungAt, nextPassAt, PASS_BEGIN, sweep, type Pass } from './retention.ts';

/** Pause between two stretches of a pass. */
const SWEEP_PAUSE_MS = 100;
/**
 * Tasks deleted for each that ended since the last stretch. More than one, so that a backlog shrinks under any load, the hour between
 * two passes included. A deletion costs a twentieth of what a task costs, so callers lose less than a tenth of the time.
 */
const DELETED_PER_ENDED = 1.5;
/** What a stretch may delete at least, though few tasks have ended: about a millisecond's work. */
const LEAST_DELETED = 100;
/** What it may delete while nobody calls. */
const IDLE_DELETED = 500;
/** What it may delete at most, however many tasks have ended: it must be no longer than a commit. */
const MOST_DELETED = 2_000;

export class Sweeps {
  readonly #platform: LedgerPlatform;
  #pass: Pass | undefined;
  #dueAt: number;
  #commits = 0;
  #ended = 0;

  constructor(platform: LedgerPlatform, bornAt: number) {
    this.#platform = platform;
    this.#dueAt = Math.max(nextPassAt(platform.sql), bornAt + SWEEP_PAUSE_MS);
  }

  /** When the next stretch is due, epoch ms. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Takes note of a commit in which `ended` tasks ended. */
  saw(ended: number): void {
    this.#commits += 1;
    this.#ended += ended;
  }

  /**
   * Does a stretch if one is due: of the pass that is under way, or the first of the next pass. Gives the id below which tasks may
   * now be gone; `undefined` when nothing was due.
   */
  take(): TaskId | undefined {
    const now = this.#platform.now();
    if (now < this.#dueAt) return undefined;
    const most = mostDeleted(this.#commits, this.#ended);
    this.#commits = 0;
    this.#ended = 0;
    this.#pass = sweep(this.#platform, this.#pass ?? PASS_BEGIN, most);
    this.#dueAt = this.#pass === undefined ? nextPassAt(this.#platform.sql) : now + SWEEP_PAUSE_MS;
    return firstYoungAt(now);
  }
}

/** How many tasks a stretch may delete, after so many commits in which so many tasks ended. */
export function mostDeleted(commits: number, ended: number): number {
  if (commits === 0) return IDLE_DELETED;
  return Math.min(MOST_DELETED, Math.max(LEAST_DELETED, Math.ceil(ended * DELETED_PER_ENDED)));
}
