/**
 * Which submits are let in. Each namespace has so many places for submits that are under way, and so many bytes: what finds none is
 * refused before its body is read, so that a namespace that sends more than can be written waits in its own line, and in no other's.
 */
import { tooBusy } from '../object-calls.ts';
import type { Presence } from '../presence.ts';
import { Problem } from './problem.ts';

/**
 * Bytes of bodies under way in one namespace: a batch is one submit and hundreds of tasks. A body that is larger is let in when
 * nothing else is under way.
 */
const MAX_BYTES = 2 * 1_048_576;
/** Bytes of a submit as most are: a body with more counts for as many. */
const SUBMIT_BYTES = 4_096;
/** A place is free again after this, whatever became of its request: a platform may drop one whose client went away without a word. */
const MAX_STAY_MS = 20_000;
/**
 * A refusal is answered after this, more or less: a client that asks again at once would otherwise have the service do nothing but
 * refuse. It is told to wait a second, so it loses nothing.
 */
const HELD_MS = 250;
/** Refusals held at a time; those beyond are answered at once. */
const MAX_HELD = 4_096;
/** A submit waits this long for its turn. */
const MAX_WAIT_MS = 10_000;

/** How many are let in. */
export interface Places {
  /** Of one namespace under way, with those that wait their turn. */
  readonly submits: number;
  /** Of one namespace that are worked on at a time while others are there; a batch counts by its size. */
  readonly besideOthers?: { readonly atWork: number; readonly presence: Presence };
}

/** A submit that was let in. */
export interface Stay {
  /** Resolves when it is to be worked on, and throws a 503 when that takes too long; `undefined` when it is at once. */
  readonly turn: Promise<void> | undefined;
  /** Gives the place back. To call it again does nothing. */
  leave(): void;
}

interface Inside {
  readonly since: number;
  readonly bytes: number;
  /** Submits it counts for. */
  readonly weight: number;
  /** Where it waits for its turn. */
  begin: (() => void) | undefined;
}

interface Line {
  readonly namespace: string;
  readonly inside: Set<Inside>;
  bytes: number;
  /** What those that are worked on count for. */
  atWork: number;
  waiting: number;
}

/**
 * Waits, with a timer of one's own: whose leaving would begin it may be gone, and a request on which nothing is pending is ended
 * by workerd.
 */
async function inTime(turn: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooBusy()), MAX_WAIT_MS);
  try {
    await Promise.race([turn, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class Admission {
  readonly #places: Places;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #lines = new Map<string, Line>();
  #held = 0;

  /** `random` spreads what was refused together. */
  constructor(places: Places, { now, random }: { readonly now: () => number; readonly random: () => number }) {
    this.#places = places;
    this.#now = now;
    this.#random = random;
  }

  /** A place for a submit with a body of so many bytes, or `undefined` where there is none. */
  enter(namespace: string, bytes: number): Stay | undefined {
    const line = this.#lineOf(namespace);
    const now = this.#now();
    for (const one of line.inside) {
      if (now - one.since < MAX_STAY_MS) break;
      this.#leave(line, one);
    }
    const { size } = line.inside;
    if (size >= this.#places.submits || (size > 0 && line.bytes + bytes > MAX_BYTES)) return undefined;
    const mine: Inside = { since: now, bytes, weight: Math.max(1, Math.round(bytes / SUBMIT_BYTES)), begin: undefined };
    const turn = this.#hasRoom(line, mine) ? undefined : inTime(new Promise((begin) => (mine.begin = begin)));
    if (turn === undefined) line.atWork += mine.weight;
    else line.waiting += 1;
    line.inside.add(mine);
    line.bytes += bytes;
    return { turn, leave: () => this.#leave(line, mine) };
  }

  /** The refusal of a submit that found no place, when it is time to answer with it. */
  async refusal(): Promise<Problem> {
    if (this.#held < MAX_HELD) {
      this.#held += 1;
      setTimeout(() => (this.#held -= 1), HELD_MS * 1.5);
      await new Promise((done) => setTimeout(done, HELD_MS * (0.5 + this.#random())));
    }
    const detail =
      'As many submits of this namespace are under way as may be. Nothing was accepted: send the same request again a little later.';
    return new Problem(429, 'too_many_submits', detail, { headers: { 'retry-after': '1' } });
  }

  #lineOf(namespace: string): Line {
    const known = this.#lines.get(namespace);
    if (known !== undefined) return known;
    const line: Line = { namespace, inside: new Set(), bytes: 0, atWork: 0, waiting: 0 };
    this.#lines.set(namespace, line);
    return line;
  }

  #leave(line: Line, mine: Inside): void {
    if (!line.inside.delete(mine)) return;
    line.bytes -= mine.bytes;
    if (mine.begin === undefined) line.atWork -= mine.weight;
    else line.waiting -= 1;
    if (line.inside.size === 0) this.#lines.delete(line.namespace);
    if (line.waiting === 0) return;
    for (const next of line.inside) {
      if (next.begin === undefined) continue;
      if (!this.#hasRoom(line, next)) return;
      line.atWork += next.weight;
      next.begin();
      next.begin = undefined;
      line.waiting -= 1;
    }
  }

  #hasRoom({ atWork }: Line, { weight }: Inside): boolean {
    const { besideOthers } = this.#places;
    return besideOthers === undefined || atWork === 0 || atWork + weight <= besideOthers.atWork || !besideOthers.presence.isShared;
  }
}
