/**
 * Decides which submits are let in, so that a namespace that sends more than can be written waits for itself and holds up no other.
 * Each namespace has a bounded number of places for submits under way. One that finds no place is refused (429) before its body is read.
 * While other namespaces are there, only a few of those inside are worked on at a time, and the others wait for their turn.
 *
 * ```
 *  a submit ──enter──► waits its turn ──► is worked on ──leave──► answered
 *                └───► no place: 429, a little later
 * ```
 */
import { tooBusy } from '../object-calls.ts';
import type { Presence } from '../presence.ts';
import { Problem } from './problem.ts';

/**
 * Bytes of all bodies under way in one namespace, besides their number: a batch is one submit, and hundreds of tasks. A body that is
 * larger than this is let in when nothing else of its namespace is under way.
 */
const MAX_BYTES = 2 * 1_048_576;
/** Bytes of an ordinary submit. A body of `n` times as many counts for `n` submits (its weight). */
const SUBMIT_BYTES = 4_096;
/** A place is free again after this at the latest: a platform may end a request whose client went away without anybody being told. */
const MAX_STAY_MS = 20_000;
/**
 * About how long a refusal is held back. A client that asks again at once would otherwise keep the service busy with refusing. It is told
 * to wait a second anyway, so it loses nothing.
 */
const HELD_MS = 250;
const HELD_AT_MOST_MS = HELD_MS * 1.5;
/** Refusals held at a time, more or less; those beyond are answered at once. */
const MAX_HELD = 4_096;
/** A submit waits this long for its turn. */
const MAX_WAIT_MS = 10_000;

/** How many submits of one namespace are let in. */
export interface Places {
  /** Under way, those that wait for their turn included. */
  readonly submits: number;
  /** Worked on at a time while other namespaces are there (`presence`); a batch counts by its size. */
  readonly besideOthers?: { readonly atWork: number; readonly presence: Presence };
}

/** A submit that was let in. */
export interface Stay {
  /** Resolves when it is its turn, and throws a 503 when that takes too long; `undefined` where it need not wait. */
  readonly turn: Promise<void> | undefined;
  /** Gives the place back. To call it again does nothing. */
  leave(): void;
}

/** A submit that has a place. */
interface Inside {
  readonly since: number;
  readonly bytes: number;
  /** How many ordinary submits it counts for. */
  readonly weight: number;
  /** Ends its wait; `undefined` once it is worked on. */
  begin: (() => void) | undefined;
}

/** The submits of one namespace. */
interface Line {
  readonly namespace: string;
  /** In the order in which they came. */
  readonly inside: Set<Inside>;
  bytes: number;
  /** The weight of those that are worked on. */
  atWork: number;
  /** How many wait for their turn. */
  waiting: number;
}

/**
 * Waits for a turn, for a bounded time. The timer belongs to the waiting request itself: the request whose end gives it the turn may be
 * dropped, and workerd ends a request that waits for nothing of its own.
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
  /** Refusals held since {@link HELD_AT_MOST_MS} began to count anew, the number of that count, and how many there were in the one before. */
  #held = 0;
  #heldBefore = 0;
  #count = 0;

  /** `random` spreads what was refused together. */
  constructor(places: Places, { now, random }: { readonly now: () => number; readonly random: () => number }) {
    this.#places = places;
    this.#now = now;
    this.#random = random;
  }

  /** Takes a place for a submit with a body of so many bytes; `undefined` where there is none. */
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

  /** The refusal of a submit that found no place. Resolves when it is time to send it. */
  async refusal(): Promise<Problem> {
    if (this.#mayHold()) await new Promise((done) => setTimeout(done, HELD_MS * (0.5 + this.#random())));
    const detail =
      'As many submits of this namespace are under way as may be. Nothing was accepted: send the same request again a little later.';
    return new Problem(429, 'too_many_submits', detail, { headers: { 'retry-after': '1' } });
  }

  /**
   * Takes note of a refusal that is held, unless there are too many. They are counted by the time they began: nobody is told when a
   * request ends whose client hung up, and on workerd its timers are gone with it.
   */
  #mayHold(): boolean {
    const count = Math.floor(this.#now() / HELD_AT_MOST_MS);
    if (count !== this.#count) {
      this.#heldBefore = count === this.#count + 1 ? this.#held : 0;
      this.#held = 0;
      this.#count = count;
    }
    if (this.#held + this.#heldBefore >= MAX_HELD) return false;
    this.#held += 1;
    return true;
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
