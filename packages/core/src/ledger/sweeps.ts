/**
 * The turns that retention takes in a ledger: a bounded stretch at a time, with a pause, so that callers are served in between.
 * How much a stretch deletes follows from what the ledger was asked meanwhile: in step with the tasks that end while there is
 * work, which keeps its share of the time the same at any rate, and more while there is none.
 */
import type { TaskId } from '../id.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { firstYoungAt, nextPassAt, PASS_BEGIN, sweep, type Pass } from './retention.ts';

/** Between two stretches of a pass. */
const SWEEP_PAUSE_MS = 100;
/**
 * Deleted for each task that ended since the last stretch. More than one, so that a backlog shrinks under any load, also with the
 * hour between two passes counted; a deletion costs a twentieth of a task, so callers lose less than a tenth to it.
 */
const DELETED_PER_ENDED = 1.5;
/** While somebody is there a stretch deletes this at least: a millisecond's worth. */
const LEAST_DELETED = 100;
/** While nobody is there. */
const IDLE_DELETED = 500;
/** However much has ended: a stretch is as long as a commit at most. */
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
   * Takes a stretch of the pass that is under way, or begins the next one, when it is time. Gives the id below which tasks may be
   * gone; `undefined` when it was not time yet.
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

/** Tasks that a stretch may delete after so many commits, in which so many ended. */
export function mostDeleted(commits: number, ended: number): number {
  if (commits === 0) return IDLE_DELETED;
  return Math.min(MOST_DELETED, Math.max(LEAST_DELETED, Math.ceil(ended * DELETED_PER_ENDED)));
}
