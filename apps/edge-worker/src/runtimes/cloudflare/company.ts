/**
 * Whether objects of several namespaces have work in this isolate. On one machine all of them share its thread, so while others are
 * there an object does less in one go. On Cloudflare an isolate seldom has more than a few objects, and then it is right as well.
 */
import { MAX_GROUP } from '@errand/core/ledger/pending-commands';

/** A namespace counts as being there for this long after its last submit. */
const THERE_MS = 1_000;
/** Commands of one commit while others are there: a millisecond or two. */
const GROUP_SHARED = 32;

export class Company {
  readonly #now: () => number;
  readonly #seenAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes note of a namespace that submits. */
  saw(namespace: string): void {
    this.#seenAt.set(namespace, this.#now());
  }

  /** Commands that a commit may hold now. */
  get groupSize(): number {
    return this.#isShared() ? GROUP_SHARED : MAX_GROUP;
  }

  /** Says whether more than one namespace is there, and forgets those that are not. */
  #isShared(): boolean {
    const now = this.#now();
    for (const [namespace, seenAt] of this.#seenAt) if (now - seenAt > THERE_MS) this.#seenAt.delete(namespace);
    return this.#seenAt.size > 1;
  }
}

/** That of this isolate. */
export const company = new Company(() => Date.now());
