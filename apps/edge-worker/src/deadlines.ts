/**
 * Deadlines of the attempts that are performed together, with one timer for all: nearly all attempts end before theirs, and a timer each
 * would be felt. They may be years away, which a timer cannot.
 */

import { MAX_TIMER_MS } from '@errand/core/duration';

export interface Deadline {
  /** On the clock of `performance.now()`, which nobody sets. */
  readonly at: number;
  readonly onLate: () => void;
}

export class Deadlines {
  readonly #open = new Set<Deadline>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  /** The time of the latest timer that fired: it is at least that late, whatever the clock says. */
  #reached = 0;

  /** Calls `onLate` in `afterMs`, unless the deadline is removed before. */
  add(afterMs: number, onLate: () => void): Deadline {
    const deadline = { at: this.#now() + afterMs, onLate };
    this.#open.add(deadline);
    if (deadline.at < this.#armedFor) this.#arm(deadline.at);
    return deadline;
  }

  remove(deadline: Deadline): void {
    this.#open.delete(deadline);
    if (this.#open.size > 0) return;
    clearTimeout(this.#timer);
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #now(): number {
    return Math.max(performance.now(), this.#reached);
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#armedFor = at;
    const now = this.#now();
    const delayMs = Math.min(Math.max(at - now, 0), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#look(now + delayMs), delayMs);
  }

  #look(reached: number): void {
    this.#reached = reached;
    const now = this.#now();
    const late = [...this.#open].filter(({ at }) => at <= now);
    for (const deadline of late) this.#open.delete(deadline);
    this.#armedFor = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#open) next = Math.min(next, at);
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
    for (const { onLate } of late) onLate();
  }
}
