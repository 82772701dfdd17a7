/**
 * Which submits are let in. Each namespace has so many places for submits that are under way, and so many bytes: what finds none is
 * refused before its body is read, so that a namespace that sends more than can be written waits in its own line, and in no other's.
 */
import { Problem } from './problem.ts';

/**
 * Bytes of bodies under way in one namespace: a batch is one submit and thousands of tasks. A body that is larger is let in when
 * nothing else is under way.
 */
const MAX_BYTES = 2 * 1_048_576;
/**
 * A refusal is answered after this, more or less: a client that asks again at once would otherwise have the service do nothing but
 * refuse. It is told to wait a second, so it loses nothing.
 */
const HELD_MS = 250;
/** Refusals held at a time; those beyond are answered at once. */
const MAX_HELD = 4_096;

interface UnderWay {
  submits: number;
  bytes: number;
}

/** Gives a place back. To call it again does nothing. */
export type Leave = () => void;

export class Admission {
  readonly #maxSubmits: number;
  readonly #random: () => number;
  readonly #underWay = new Map<string, UnderWay>();
  #held = 0;

  /** `maxSubmits` is for each namespace. `random` spreads what was refused together. */
  constructor(maxSubmits: number, random: () => number) {
    this.#maxSubmits = maxSubmits;
    this.#random = random;
  }

  /** A place for a submit with a body of so many bytes, or `undefined` where there is none. */
  enter(namespace: string, bytes: number): Leave | undefined {
    const known = this.#underWay.get(namespace);
    if (known !== undefined && (known.submits >= this.#maxSubmits || known.bytes + bytes > MAX_BYTES)) return undefined;
    const underWay = known ?? { submits: 0, bytes: 0 };
    if (known === undefined) this.#underWay.set(namespace, underWay);
    underWay.submits += 1;
    underWay.bytes += bytes;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      underWay.submits -= 1;
      underWay.bytes -= bytes;
      if (underWay.submits === 0) this.#underWay.delete(namespace);
    };
  }

  /** The refusal of a submit that found no place, when it is time to answer with it. */
  async refusal(): Promise<Problem> {
    if (this.#held < MAX_HELD) {
      this.#held += 1;
      await new Promise((done) => setTimeout(done, HELD_MS * (0.5 + this.#random())));
      this.#held -= 1;
    }
    const detail =
      'As many submits of this namespace are under way as may be. Nothing was accepted: send the same request again a little later.';
    return new Problem(429, 'too_many_submits', detail, { headers: { 'retry-after': '1' } });
  }
}
