/** One timer for the alarms of all objects. Never early: a clock that was set back is waited for again. */

/** The wall clock may be set while a timer runs, and timers count otherwise: it is looked at this often at least. */
const LOOK_EVERY_MS = 10_000;

/** A timer that calls `ring` once `now()` has reached the earliest time asked for. */
export class AlarmClock {
  readonly #now: () => number;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Rings at `at`, or earlier where an earlier time was asked for; then forgets both. */
  wakeBy(at: number): void {
    if (this.#stopped || at >= this.#at) return;
    this.#at = at;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const waitMs = Math.max(0, this.#at - this.#now());
    this.#timer = setTimeout(() => this.#look(), Math.min(waitMs, LOOK_EVERY_MS));
  }

  #look(): void {
    if (this.#stopped) return;
    if (this.#now() < this.#at) return this.#arm();
    this.#at = Number.POSITIVE_INFINITY;
    this.#ring();
  }
}
