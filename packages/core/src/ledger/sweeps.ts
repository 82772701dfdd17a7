/** The turns that retention takes in a ledger: a bounded stretch at a time, with a pause, so that callers are served in between. */
import type { LedgerPlatform } from '../ports.ts';
import { nextPassAt, PASS_BEGIN, sweep, type Pass } from './retention.ts';

/** Between two stretches of a pass. */
const SWEEP_PAUSE_MS = 100;

export class Sweeps {
  readonly #platform: LedgerPlatform;
  #pass: Pass | undefined;
  #dueAt: number;

  constructor(platform: LedgerPlatform, bornAt: number) {
    this.#platform = platform;
    this.#dueAt = Math.max(nextPassAt(platform.sql), bornAt + SWEEP_PAUSE_MS);
  }

  /** When the next stretch is due, epoch ms. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Takes a stretch of the pass that is under way, or begins the next one, when it is time. Says whether it did. */
  take(): boolean {
    const now = this.#platform.now();
    if (now < this.#dueAt) return false;
    this.#pass = sweep(this.#platform, this.#pass ?? PASS_BEGIN);
    this.#dueAt = this.#pass === undefined ? nextPassAt(this.#platform.sql) : now + SWEEP_PAUSE_MS;
    return true;
  }
}
