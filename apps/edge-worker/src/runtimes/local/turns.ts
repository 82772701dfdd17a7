/**
 * Whose turn it is. All namespaces share one event loop, and what is done in one go keeps everybody waiting: so each turn of the loop
 * serves a few requests of each namespace, in rotation, and leaves the rest of a long line to the turns that follow.
 */
import type { Pace } from '@errand/core/ledger-platform';
import type { Presence } from '../../presence.ts';

/** What a turn does for a namespace that is alone. A request is 1, about 50 µs: these are some milliseconds, which nobody waits for. */
const SHARE_ALONE = 64;
/** What it does for all that share it, and for each of very many. */
const SHARED = 32;
const LEAST_SHARE = 4;
/** What a ledger does in one go while others wait: a commit is about a millisecond, and so is what its tasks take then. */
const PACE_SHARED: Pace = { commands: 32, inHand: 64 };
/** A task has two commits: its submit and its result. */
const MAX_HURRIED = 2;
interface Waiting {
  readonly weight: number;
  readonly go: () => void;
}

interface Line {
  readonly waiting: Waiting[];
  /** What this turn has done for it, and the one before. */
  served: number;
  servedBefore: number;
  /** Commits of this turn that did not wait for its end. */
  hurried: number;
}

export class Turns {
  readonly #presence: Presence;
  readonly #lines = new Map<string, Line>();
  #turning = false;

  constructor(presence: Presence) {
    this.#presence = presence;
  }

  /** How much a ledger may do in one go now. */
  get pace(): Pace | undefined {
    return this.#presence.isShared ? PACE_SHARED : undefined;
  }

  /**
   * Resolves when a namespace's next commit may begin: at the end of this turn of the loop, when all that comes together has come. At
   * once where others are there and this one asks so little that nothing would come; but twice a turn at most, or a long backlog
   * would be worked off without ever ending one.
   */
  gather(namespace: string): Promise<void> {
    return this.#mayHurry(namespace) ? Promise.resolve() : new Promise((resolve) => setImmediate(resolve));
  }

  #mayHurry(namespace: string): boolean {
    const line = this.#lines.get(namespace);
    if (line === undefined || !this.#presence.isShared || line.waiting.length > 0 || line.served > 1 || line.servedBefore > 1) return false;
    if (!this.#turning) this.#turn();
    line.hurried += 1;
    return line.hurried <= MAX_HURRIED;
  }

  /** Resolves when it is the turn of this namespace; `undefined` when it is now. */
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

  /** Serves the lines once the events of this turn of the loop are done, and so on as long as anybody is served. */
  #turn(): void {
    this.#turning = true;
    setImmediate(() => {
      let served = 0;
      for (const [namespace, line] of this.#lines) served += this.#serve(namespace, line);
      if (served > 0) this.#turn();
      else this.#turning = false;
    });
  }

  /** Begins a line's next turn. Gives what this one and the one before did for it. */
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
