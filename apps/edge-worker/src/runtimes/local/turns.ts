/**
 * Shares one thread among namespaces. All of them are served by the same event loop, and whatever is done in one go keeps everybody
 * waiting. So each turn of the loop serves only a few requests of each namespace; what is beyond waits in the namespace's line for the
 * next turns.
 *
 * ```
 *  turn 1   a a a a | b     of a share of 4: a has 9 requests, b has 1
 *  turn 2   a a a a | b     b's next one comes: it waits for one turn, not for all of a's
 *  turn 3   a
 * ```
 *
 * Requests are counted by weight: an ordinary one is 1, about 50 µs of work; a part of a batch weighs more.
 */
import type { Pace } from '@errand/core/ledger-platform';
import type { Presence } from '../../presence.ts';
import { atEndOfTurn } from './end-of-turn.ts';

/** Weight that a turn serves of a namespace that is alone: some milliseconds, and nobody else waits for them. */
const SHARE_ALONE = 64;
/** Weight that a turn serves of all namespaces together where several are there, each an equal share. */
const SHARED = 32;
/** The share of each where there are very many. */
const LEAST_SHARE = 4;
/** What a ledger does in one go while others wait: a commit is about a millisecond, and so is what its tasks take then. */
const PACE_SHARED: Pace = { commands: 32, inHand: 64 };
/** Commits of a namespace in one turn that need not wait for the turn's end: a task has two, its submit and its result. */
const MAX_HURRIED = 2;

/** A request in line. */
interface Waiting {
  readonly weight: number;
  readonly go: () => void;
}

/** One namespace. */
interface Line {
  readonly waiting: Waiting[];
  /** Weight served in this turn, and in the one before. */
  served: number;
  servedBefore: number;
  /** Commits in this turn that did not wait for its end. */
  hurried: number;
}

export class Turns {
  readonly #presence: Presence;
  readonly #lines = new Map<string, Line>();
  #turning = false;

  constructor(presence: Presence) {
    this.#presence = presence;
  }

  /** How much a ledger may do in one go now; `undefined` for as much as it likes. */
  get pace(): Pace | undefined {
    return this.#presence.isShared ? PACE_SHARED : undefined;
  }

  /**
   * Resolves when a namespace's next commit may begin. That is at the end of this turn of the loop: by then all requests that came
   * together have arrived, and share the commit. Where others are there and this namespace asks so little that nothing more would
   * arrive, it is at once; but only twice a turn, for commits that follow each other at once would never let the turn end.
   */
  gather(namespace: string): Promise<void> {
    if (this.#mayHurry(namespace)) return Promise.resolve();
    return new Promise((resolve) => this.#atEndOfTurn(resolve));
  }

  #mayHurry(namespace: string): boolean {
    const line = this.#lines.get(namespace);
    if (line === undefined || !this.#presence.isShared || line.waiting.length > 0 || line.served > 1 || line.servedBefore > 1) return false;
    if (!this.#turning) this.#turn();
    line.hurried += 1;
    return line.hurried <= MAX_HURRIED;
  }

  /** Resolves when a request of this namespace may be worked on; `undefined` when it may at once. */
  take(namespace: string, weight: number): Promise<void> | undefined {
    const line = this.#lineOf(namespace);
    this.#presence.saw(namespace);
    if (!this.#turning) this.#turn();
    if (line.waiting.length === 0 && line.served < this.#share()) {
      line.served += weight;
      return undefined;
    }
    return new Promise((go) => line.waiting.push({ weight, go }));
  }

  #lineOf(namespace: string): Line {
    const known = this.#lines.get(namespace);
    if (known !== undefined) return known;
    const line: Line = { waiting: [], served: 0, servedBefore: 0, hurried: 0 };
    this.#lines.set(namespace, line);
    return line;
  }

  #share(): number {
    const { count } = this.#presence;
    return count <= 1 ? SHARE_ALONE : Math.max(LEAST_SHARE, Math.floor(SHARED / count));
  }

  /** Serves all lines once this turn of the loop has ended, and again after each following one, until nobody was served for two. */
  #turn(): void {
    this.#turning = true;
    this.#atEndOfTurn(() => {
      let served = 0;
      for (const [namespace, line] of this.#lines) served += this.#serve(namespace, line);
      if (served > 0) this.#turn();
      else this.#turning = false;
    });
  }

  /** Where nobody else is there, it does not matter who is looked at first. */
  #atEndOfTurn(then: () => void): void {
    if (this.#presence.isShared) atEndOfTurn(then);
    else setImmediate(then);
  }

  /** Begins a line's next turn. Gives the weight that this turn and the one before served. */
  #serve(namespace: string, line: Line): number {
    const share = this.#share();
    line.servedBefore = line.served;
    line.served = 0;
    line.hurried = 0;
    for (let next = line.waiting[0]; next !== undefined && line.served < share; next = line.waiting[0]) {
      line.waiting.shift();
      line.served += next.weight;
      next.go();
    }
    const served = line.served + line.servedBefore;
    if (line.waiting.length === 0 && served === 0) this.#lines.delete(namespace);
    return served;
  }
}
