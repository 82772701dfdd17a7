/** Which namespaces are there: those that asked for something a moment ago. They share what one thread can do. */

/** A namespace counts as being there for this long after its last request. */
const THERE_MS = 1_000;

export class Presence {
  readonly #now: () => number;
  /** When each was last seen, epoch ms. */
  readonly #seenAt = new Map<string, number>();
  #lookedAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many are there. */
  get count(): number {
    const now = this.#now();
    if (now - this.#lookedAt >= THERE_MS / 10) {
      this.#lookedAt = now;
      for (const [namespace, seenAt] of this.#seenAt) if (now - seenAt > THERE_MS) this.#seenAt.delete(namespace);
    }
    return this.#seenAt.size;
  }

  /** More than one is there. */
  get isShared(): boolean {
    return this.count > 1;
  }

  /** Takes note of a request. */
  saw(namespace: string): void {
    this.#seenAt.set(namespace, this.#now());
  }
}
