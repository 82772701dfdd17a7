/**
 * What holds one ledger and runs it: a Durable Object, as the ledger sees it. It opens the ledger when it is called,
 * keeps its one alarm, and dies: at any point the world outside can observe, with everything it had in memory.
 */
import { Ledger } from '@errand/core/ledger/ledger';
import type { NumberedPost } from '@errand/core/hook-delivery';
import type { LaneMessage } from '@errand/core/assignment';
import type { LedgerPlatform, NearExecutor, Pace, TablesBeside } from '@errand/core/ledger-platform';
import type { Entry, Life } from './agenda.ts';
import type { CrashPoint } from './faults.ts';
import type { SqliteBook } from './sqlite-book.ts';
import type { World } from './world.ts';

/** What the object does to the world outside, and who watches it. */
export interface Outlets {
  send(lane: string, messages: readonly LaneMessage[]): void;
  /** Hands posts to another object. `life` is the sender's. */
  post(life: Life, destination: string, sender: string, posts: readonly NumberedPost[]): Promise<void>;
  /** The executor in the process of the object with this name, where there is one. */
  near(name: string): NearExecutor | undefined;
  /** Whether a worker of the service belongs to a process that has ended. */
  isGone(worker: string): boolean;
  /** The object is gone; its book holds what survived. */
  crashed(host: ObjectHost): void;
  /** A rule of the object itself was broken. */
  broken(promise: string, detail: string): void;
}

/** An answer, or a fault, for whoever called. */
export interface Settle<T> {
  answer(value: T): void;
  fault(fault: Error): void;
}

/** Opens tables beside a ledger's, on its platform. */
export type OpenTables = (platform: Pick<LedgerPlatform, 'sql' | 'transaction' | 'now'>) => TablesBeside;

/** A cut: thrown at the point where the object dies, so that what runs on it stops there. */
class Cut extends Error {}

/** How often a platform repeats an alarm that did not come to its end, and after how long first; doubled each time. */
const ALARM_RETRIES = 6;
const ALARM_RETRY_MS = 2_000;
/** Alarms in one such instant that change nothing are an alarm that spins. */
const SPIN_WITHIN_MS = 200;
const SPIN_LIMIT = 40;

export class ObjectHost {
  readonly name: string;
  readonly book: SqliteBook;
  /** How far its clock is from the true one. */
  skewMs = 0;
  /** The platform has dropped its alarm, and it has set no other since: only the cron can heal that. */
  alarmIsLost = false;
  /** What its clock said each time before it was set back, and when that was, in true time. */
  readonly peaks: { readonly at: number; readonly clock: number }[] = [];
  /** When the ledger was last opened, by its own clock. */
  bornAt = 0;
  /** The latest of these times: clocks go back. */
  latestBornAt = 0;
  /** SQL that was made to fail: whoever is answered with a fault in that time has a reason for it. */
  injuries = 0;
  readonly #world: World;
  readonly #outlets: Outlets;
  readonly #pending = new Set<(fault: Error) => void>();
  readonly #tablesBeside: OpenTables | undefined;
  #life: Life | undefined;
  #ledger: Ledger | undefined;
  #lives = 0;
  #alarmAt: number | null = null;
  #durableAlarmAt: number | null = null;
  #ringing: Entry | undefined;
  #rings: number[] = [];

  /** `tablesBeside` opens the tables that an inbox has beside its ledger's. */
  constructor(name: string, world: World, book: SqliteBook, outlets: Outlets, tablesBeside?: OpenTables) {
    this.name = name;
    this.#world = world;
    this.book = book;
    this.#outlets = outlets;
    this.#tablesBeside = tablesBeside;
  }

  /** The object's clock. */
  now(): number {
    return this.#world.agenda.now + this.skewMs;
  }

  /** Lives it has begun: whoever wants to know whether it is still the same one compares. */
  get lives(): number {
    return this.#lives;
  }

  get alive(): boolean {
    return this.#life !== undefined;
  }

  /** Calls that have neither been answered nor failed. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** A call arrives. `gated` answers leave once everything written before them is durable, as a platform's output gate has it. */
  serve<T>(gate: 'gated' | 'open', work: (ledger: Ledger) => Promise<T>, settle: Settle<T>): void {
    const ledger = this.#opened();
    const life = this.#life;
    if (ledger === undefined || life === undefined) return settle.fault(new Error('the object could not be opened'));
    const finish = (then: () => void): void => {
      if (!life.alive || !this.#pending.delete(settle.fault)) return;
      then();
    };
    this.#pending.add(settle.fault);
    work(ledger).then(
      (value) => {
        const leave = (): void => finish(() => settle.answer(value));
        if (gate === 'open' || this.book.unsynced === 0) return leave();
        this.#world.after(this.#world.latencyMs(), life, 'the gate opens', () => {
          this.#synced();
          leave();
        });
      },
      (fault: unknown) => finish(() => settle.fault(fault instanceof Error ? fault : new Error(String(fault)))),
    );
  }

  /** The clock is set: alarms follow it. */
  moveClock(byMs: number): void {
    if (byMs < 0) this.peaks.push({ at: this.#world.agenda.now, clock: this.now() });
    this.skewMs += byMs;
    this.#schedule();
  }

  /** Memory goes and the platform forgets the object; nothing that was written is lost. */
  evict(): void {
    if (this.#life === undefined || this.#pending.size > 0) return;
    this.#synced();
    this.#die('evicted');
  }

  /** Ends the life at once. Callers learn it, or wait for nothing; of what the disk had not confirmed, any suffix may be lost. */
  crash(why: string): void {
    if (this.#life === undefined) return;
    const { unsynced } = this.book;
    const kept = this.#world.between(0, unsynced);
    if (kept < unsynced) {
      this.#world.count('unsynced.lost');
      this.#alarmAt = this.#durableAlarmAt;
    }
    this.book.crash(kept);
    this.#die(why);
    this.#schedule();
  }

  #die(why: string): void {
    const life = this.#life;
    if (life === undefined) return;
    life.alive = false;
    this.#life = undefined;
    this.#ledger = undefined;
    if (this.#world.lines !== undefined) this.#world.say(`${this.name} dies: ${why}`);
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const fault of pending) fault(new Error('the object was reset'));
    this.#outlets.crashed(this);
  }

  /** The ledger of this life; a new life begins when there is none. */
  #opened(): Ledger | undefined {
    if (this.#ledger !== undefined) return this.#ledger;
    this.#lives += 1;
    const life: Life = { name: `${this.name}#${this.#lives}`, alive: true };
    this.#life = life;
    this.bornAt = this.now();
    this.latestBornAt = Math.max(this.latestBornAt, this.bornAt);
    if (this.#world.lines !== undefined) this.#world.say(`${life.name} opens`);
    try {
      this.#cut(life, 'while opening');
      this.#ledger = new Ledger(this.name, this.#platform(life), () => {});
      this.#synced();
      return this.#ledger;
    } catch (fault) {
      if (life.alive) this.crash(`could not open: ${String(fault)}`);
      return undefined;
    }
  }

  #platform(life: Life): LedgerPlatform {
    const platform = this.#bare(life);
    return this.#tablesBeside === undefined ? platform : { ...platform, beside: this.#tablesBeside(platform) };
  }

  #bare(life: Life): LedgerPlatform {
    const world = this.#world;
    const { book } = this;
    return {
      sql: {
        exec: (query, ...bindings) => {
          this.#cut(life, this.#pointOf(query));
          this.#injure(query, bindings);
          return book.exec(query, ...bindings);
        },
        get databaseSize() {
          return book.databaseSize;
        },
      },
      transaction: (work) => {
        this.#cut(life, 'before a transaction');
        const result = this.book.transaction(work);
        if (!this.book.inTransaction) this.#cut(life, 'between commit and alarm');
        return result;
      },
      durable: () => this.#durable(life),
      setAlarm: (at) => {
        if (!life.alive) throw new Cut();
        this.#alarmAt = at;
        this.alarmIsLost = false;
        this.#schedule();
        this.#cut(life, 'after the alarm was set');
      },
      now: () => this.now(),
      random: () => world.platform.next(),
      randomBytes: (count) => Uint8Array.from({ length: count }, () => world.platform.between(0, 255)),
      send: async (lane, messages) => {
        this.#cut(life, 'before a send');
        this.#outlets.send(lane, messages);
        this.#cut(life, 'after a send');
      },
      post: async (destination, sender, posts) => {
        this.#cut(life, 'before a post');
        await this.#outlets.post(life, destination, sender, posts);
        this.#cut(life, 'after a post');
      },
      ...(world.profile.gathers ? { gather: () => this.#gathers(life), pace: () => this.#pace() } : {}),
      ...(world.profile.oneProcess ? this.#nearby() : {}),
    };
  }

  #pointOf(query: string): CrashPoint | undefined {
    if (this.book.inTransaction) return 'within a transaction';
    if (this.#ledger === undefined) return 'while opening';
    return query.startsWith('SELECT') ? undefined : 'at a write of its own';
  }

  /** Dies here, if this is the point; whoever is dead already goes no further. */
  #cut(life: Life, point: CrashPoint | undefined): void {
    if (life.alive && point !== undefined && this.#world.crashes(point)) this.crash(point);
    if (!life.alive) throw new Cut();
  }

  #injure(query: string, bindings: readonly unknown[]): void {
    if (!this.book.inTransaction) return;
    if (this.#world.fault('sql.failed')) {
      this.injuries += 1;
      throw new Error('disk I/O error');
    }
    if (query.startsWith('INSERT INTO tasks') && bindings.includes(POISON)) throw new Error('poison: this row cannot be written');
  }

  /** What is known where objects and service are one process: who is gone, and who is there. */
  #nearby(): Pick<LedgerPlatform, 'isGone' | 'near'> {
    const near = this.#outlets.near(this.name);
    return { isGone: (worker) => this.#outlets.isGone(worker), ...(near === undefined ? {} : { near }) };
  }

  /** Others need the thread every other second. */
  #pace(): Pace | undefined {
    return Math.floor(this.now() / 1_000) % 2 === 0 ? undefined : { commands: 3, inHand: 1 };
  }

  #gathers(life: Life): Promise<void> {
    return new Promise((resolve) => this.#world.after(0, life, 'gathers', resolve));
  }

  #durable(life: Life): Promise<void> {
    if (!life.alive) return new Promise(() => {});
    const world = this.#world;
    return new Promise((resolve, reject) => {
      const delayMs = world.fault('disk.slow') ? world.between(10, 2_000) : world.latencyMs();
      const fails = world.fault('disk.failed');
      world.after(delayMs, life, 'the disk answers', () => {
        if (fails) {
          // A platform that cannot write resets the object, but what runs in it hears of it first.
          this.injuries += 1;
          world.after(0, life, 'the platform resets the object', () => this.crash('the disk failed'));
          return reject(new Error('the disk failed'));
        }
        if (world.crashes('between commit and durable')) return this.crash('between commit and durable');
        this.#synced();
        if (world.crashes('between durable and answer')) return this.crash('between durable and answer');
        resolve();
      });
    });
  }

  #synced(): void {
    this.book.sync();
    this.#durableAlarmAt = this.#alarmAt;
  }

  #schedule(): void {
    if (this.#ringing !== undefined) this.#ringing.canceled = true;
    this.#ringing = undefined;
    if (this.#alarmAt === null) return;
    const world = this.#world;
    const lateMs = world.fault('alarm.late') ? world.between(100, 60_000) : world.latencyMs();
    this.#ringing = world.after(Math.max(0, this.#alarmAt - this.now()) + lateMs, undefined, `${this.name} alarm`, () => this.#due());
  }

  #due(): void {
    this.#ringing = undefined;
    if (this.#alarmAt === null) return;
    if (this.now() < this.#alarmAt) return this.#schedule();
    this.#alarmAt = null;
    const world = this.#world;
    if (world.fault('alarm.dropped')) {
      this.#durableAlarmAt = null;
      this.alarmIsLost = true;
      return;
    }
    if (world.fault('alarm.doubled')) world.after(world.between(0, 2_000), undefined, `${this.name} alarm, again`, () => this.#ring(0));
    this.#ring(0);
  }

  #ring(retry: number): void {
    const world = this.#world;
    const again = (): void => {
      if (this.#alarmAt !== null) return;
      if (retry >= ALARM_RETRIES) {
        this.alarmIsLost = true;
        return;
      }
      world.after(ALARM_RETRY_MS * 2 ** retry, undefined, `${this.name} alarm, once more`, () => {
        if (this.#alarmAt === null) this.#ring(retry + 1);
      });
    };
    if (this.#spins()) return;
    this.serve('open', (ledger) => ledger.tick(), {
      answer: () => {
        if (this.book.unsynced === 0) this.#durableAlarmAt = this.#alarmAt;
      },
      fault: (fault) => {
        if (this.alive && fault.message !== 'the object could not be opened')
          this.#outlets.broken('11', `The alarm throws: ${fault.message}`);
        again();
      },
    });
  }

  #spins(): boolean {
    const { now } = this.#world.agenda;
    this.#rings = [...this.#rings.filter((at) => at > now - SPIN_WITHIN_MS), now];
    if (this.#rings.length <= SPIN_LIMIT) return false;
    this.#outlets.broken('11', `The alarm spins: ${this.#rings.length} times in ${SPIN_WITHIN_MS} ms.`);
    return true;
  }
}

/** The type of a task that no transaction can write. */
export const POISON = 'sim.poison';
