/** What one process has answered since it began: requests by endpoint and status, and how long submits took. In memory. */

/** Upper bounds of the histogram's buckets, milliseconds. */
export const BUCKETS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;

export class Meter {
  readonly #requests = new Map<string, number>();
  /** Each submit in the first bucket it fits. */
  readonly #buckets: number[] = BUCKETS_MS.map(() => 0);
  #count = 0;
  #sumMs = 0;

  /** `path` is the endpoint's, with its braces: what callers put there would make a series of every id. */
  answered(method: string, path: string, status: number): void {
    const key = `${method} ${path} ${status}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
  }

  submitted(ms: number): void {
    this.#count += 1;
    this.#sumMs += ms;
    const fits = BUCKETS_MS.findIndex((bound) => ms <= bound);
    if (fits !== -1) this.#buckets[fits] = (this.#buckets[fits] ?? 0) + 1;
  }

  /** Rows of `[method, path, status, count]`. */
  requests(): [method: string, path: string, status: string, count: number][] {
    return [...this.#requests].map(([key, count]) => {
      const [method = '', path = '', status = ''] = key.split(' ');
      return [method, path, status, count];
    });
  }

  /** Submits within each bound of {@link BUCKETS_MS}, cumulative, as Prometheus counts them. */
  submits(): { buckets: readonly number[]; count: number; sumMs: number } {
    let sum = 0;
    return { buckets: this.#buckets.map((n) => (sum += n)), count: this.#count, sumMs: this.#sumMs };
  }
}
