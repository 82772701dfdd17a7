/** One simulated world: its time, its luck, and what is told of it. Everything random is drawn here, from one seed. */
import { Agenda, type Entry, type Life } from './agenda.ts';
import { Dice } from './dice.ts';
import type { CrashPoint, FaultKind, FaultName, Profile } from './faults.ts';

/** When every simulated world begins. */
export const START = 1_800_000_000_000;
/** Lines of trace kept. A failing run is short; one that never rests is cut. */
const MAX_LINES = 20_000;

/** Points that are seldom reached: an object dies there more often. */
const RARE_POINTS: ReadonlySet<CrashPoint> = new Set([
  'before a send',
  'after a send',
  'before a post',
  'after a post',
  'at a write of its own',
]);
const RARE_POINT_FACTOR = 6;
/** How often an object of an eventful world dies while its disk is busy. */
const UNSYNCED_CRASH = 0.1;

export class World {
  readonly profile: Profile;
  readonly agenda = new Agenda(START);
  readonly fired = new Map<FaultName, number>();
  /** Draws of the load: what is asked, by whom, when. */
  readonly load: Dice;
  /** Draws of the objects' own platform. */
  readonly platform: Dice;
  readonly lines: string[] | undefined;
  /** Faults no longer happen: now everything must come to its end. */
  calm = false;
  /** The first broken promise: the run stops there. */
  violation: Error | undefined;
  operations = 0;
  succeeded = 0;
  crashPoints = 0;
  readonly #faults: Dice;
  readonly #delays: Dice;

  constructor(seed: number, profile: Profile, traced: 'traced' | 'silent') {
    this.profile = profile;
    this.load = new Dice(seed, 'load');
    this.platform = new Dice(seed, 'platform');
    this.#faults = new Dice(seed, 'faults');
    this.#delays = new Dice(seed, 'delays');
    this.lines = traced === 'traced' ? [] : undefined;
  }

  /** Whether this fault happens here and now; counted when it does. */
  fault(kind: FaultKind): boolean {
    if (this.calm || !this.#faults.chance(this.profile.faults[kind])) return false;
    this.count(kind);
    return true;
  }

  /** Whether the object dies at this point. */
  crashes(point: CrashPoint): boolean {
    this.crashPoints += 1;
    if (this.calm) return false;
    const drawn = this.profile.faults['object.crashed'] * (RARE_POINTS.has(point) ? RARE_POINT_FACTOR : 1);
    const probability = this.profile.eventful && point === 'between commit and durable' ? Math.max(drawn, UNSYNCED_CRASH) : drawn;
    if (this.crashPoints !== this.profile.crashAt && !this.#faults.chance(probability)) return false;
    this.count('object.crashed');
    this.count(`crash ${point}`);
    return true;
  }

  count(fault: FaultName): void {
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
    if (this.lines !== undefined) this.say(`** ${fault}`);
  }

  /** Uniform between two whole numbers, for whatever lasts. */
  between(lowMs: number, highMs: number): number {
    return this.#delays.between(lowMs, highMs);
  }

  /** A short way: mostly a few ms, now and then more. */
  latencyMs(): number {
    const draw = this.#delays.next();
    return draw < 0.3 ? 0 : draw < 0.9 ? Math.ceil(draw * 6) : Math.ceil((draw - 0.9) * 600);
  }

  /** Lets something happen to `life` in `delayMs`. */
  after(delayMs: number, life: Life | undefined, what: string, run: () => void): Entry {
    return this.agenda.add(this.agenda.now + delayMs, this.#delays.next(), life, what, run);
  }

  /** Resolves in `delayMs`, unless `life` has ended by then. */
  sleep(life: Life, delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, life, 'sleeps', resolve));
  }

  /** Runs a check where a throw would be caught by the code under test: a broken promise is kept instead. */
  witness(check: () => void): void {
    try {
      check();
    } catch (fault) {
      this.violation ??= fault as Error;
    }
  }

  /** Tells the trace; costs nothing when nobody listens (callers check `lines` before they build a text). */
  say(line: string): void {
    if (this.lines === undefined || this.lines.length >= MAX_LINES) return;
    const ms = this.agenda.now - START;
    this.lines.push(`${(ms / 1_000).toFixed(3).padStart(11)}  ${line}`);
  }
}
