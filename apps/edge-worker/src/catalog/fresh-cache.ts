/**
 * A cache of what the catalog says, each entry for ten seconds: a change is in force at once where it is made, which forgets the entry,
 * and everywhere else within that time. Not for what never changes.
 */

/** How long an entry is believed. The API promises that changes are in force everywhere within this time. */
const FRESH_MS = 10_000;

export class FreshCache<Value> {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();

  /** Beyond `maxEntries` everything is forgotten, and read again when it is asked for. */
  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** What is known at `now` (epoch ms); `undefined` for nothing. */
  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > now ? entry.value : undefined;
  }

  /** Keeps what was read at `now`, but no longer than `until` (epoch ms). */
  set(key: string, value: Value, now: number, until = Number.POSITIVE_INFINITY): void {
    if (this.#entries.size >= this.#maxEntries) this.#entries.clear();
    this.#entries.set(key, { value, until: Math.min(now + FRESH_MS, until) });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Forgets every entry of which `isStale` is true. */
  forgetEach(isStale: (value: Value) => boolean): void {
    for (const [key, { value }] of this.#entries) if (isStale(value)) this.#entries.delete(key);
  }
}
