/**
 * Objects by name in one process: loaded when called or due, unloaded when idle, one instance of each at a time. The local
 * counterpart of a Durable Object namespace.
 */
import { AlarmClock } from './alarm-clock.ts';
import { LEFT_LOADED, type ObjectIndex } from './object-index.ts';
import type { StoredFile } from './stored-files.ts';

/** An object untouched this long is unloaded; what it keeps in memory only is no truth. */
const IDLE_MS = 30_000;
/** How often idle ones are looked for. */
const LOOK_EVERY_MS = 5_000;
/** Objects whose alarms run side by side: each holds its file open. */
const MAX_RINGING = 8;
/** An alarm that threw is tried again after this, doubled each time, at most a minute later. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 60_000;

/** What an object gets of its place. */
export interface ObjectPlace {
  readonly name: string;
  readonly storage: StoredFile;
  /** Arms the object's only alarm; epoch ms. */
  setAlarm(at: number): void;
}

/** An object in memory. */
export interface Resident<Face> {
  readonly face: Face;
  alarm(): Promise<void>;
  /** It may be unloaded: nothing in its memory is worth keeping, and nobody listens to it. */
  idle(): boolean;
}

interface Loaded<Face> {
  readonly resident: Resident<Face>;
  readonly storage: StoredFile;
  alarmAt: number | undefined;
  calls: number;
  usedAt: number;
  failures: number;
}

export interface LocalObjectsOptions<Face> {
  readonly index: ObjectIndex;
  readonly storage: (name: string) => StoredFile;
  /** Makes an object. A throw leaves it unloaded; the next call tries again. */
  readonly create: (place: ObjectPlace) => Resident<Face>;
  readonly now: () => number;
  readonly idleMs?: number;
}

export class LocalObjects<Face extends object> {
  readonly #options: LocalObjectsOptions<Face>;
  readonly #loaded = new Map<string, Loaded<Face>>();
  readonly #clock: AlarmClock;
  readonly #looking: ReturnType<typeof setInterval>;
  readonly #ringing = new Set<string>();
  /** Where the index could not be read or written, it is not asked before this. */
  #pausedUntil = 0;

  constructor(options: LocalObjectsOptions<Face>) {
    this.#options = options;
    this.#clock = new AlarmClock(options.now, () => this.#ring());
    const idleMs = options.idleMs ?? IDLE_MS;
    this.#looking = setInterval(() => this.unloadIdle(idleMs), Math.min(LOOK_EVERY_MS, idleMs));
  }

  get loadedCount(): number {
    return this.#loaded.size;
  }

  /** Begins to ring alarms, those that a crash interrupted first. */
  start(): void {
    this.#clock.wakeBy(this.#options.index.nextDue());
  }

  /** The object's face. Each call of a member loads the object where it is not. */
  get(name: string): Face {
    return new Proxy({} as Face, {
      get: (_target, member) => (member === 'then' ? undefined : (...args: unknown[]) => this.#call(name, member as keyof Face, args)),
    });
  }

  /** Unloads objects untouched for `idleMs`. */
  unloadIdle(idleMs: number): void {
    const now = this.#options.now();
    const idle = [...this.#loaded].filter(([, { calls, usedAt, resident }]) => calls === 0 && now - usedAt >= idleMs && resident.idle());
    try {
      this.#unload(idle);
    } catch (fault) {
      console.error('idle objects stay loaded, for the index cannot be written', fault);
    }
  }

  /** Unloads everything. Calls under way are lost, as they are when a process ends; what they were at is looked at by the next start. */
  stop(): void {
    clearInterval(this.#looking);
    this.#clock.stop();
    try {
      this.#unload([...this.#loaded]);
    } catch (fault) {
      console.error('the index still says what was loaded; the next start looks at all of it', fault);
    }
  }

  #unload(objects: readonly [string, Loaded<Face>][]): void {
    if (objects.length === 0) return;
    this.#options.index.unloaded(objects.map(([name, { alarmAt, calls }]) => [name, calls > 0 ? LEFT_LOADED : alarmAt]));
    for (const [name, { storage }] of objects) {
      this.#loaded.delete(name);
      storage.retire();
    }
    this.#clock.wakeBy(this.#nextAlarm());
  }

  async #call(name: string, member: keyof Face, args: unknown[]): Promise<unknown> {
    const loaded = this.#load(name);
    loaded.calls += 1;
    try {
      return await (loaded.resident.face[member] as (...all: unknown[]) => unknown)(...args);
    } finally {
      loaded.calls -= 1;
      loaded.usedAt = this.#options.now();
    }
  }

  #load(name: string): Loaded<Face> {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const { index, now } = this.#options;
    let alarmAt = index.loading(name);
    const storage = this.#options.storage(name);
    let loaded: Loaded<Face> | undefined;
    const setAlarm = (at: number): void => {
      if (loaded === undefined) alarmAt = at;
      else loaded.alarmAt = at;
      this.#clock.wakeBy(at);
    };
    const resident = this.#options.create({ name, storage, setAlarm });
    loaded = { resident, storage, alarmAt, calls: 0, usedAt: now(), failures: 0 };
    this.#loaded.set(name, loaded);
    if (alarmAt !== undefined) this.#clock.wakeBy(alarmAt);
    return loaded;
  }

  /** Rings whatever is due, and sets the clock for what is not. */
  #ring(): void {
    for (const name of this.#due()) {
      if (this.#ringing.size >= MAX_RINGING) break;
      if (!this.#ringing.has(name)) void this.#ringOne(name);
    }
    // With all places taken, the next one that is free rings again.
    if (this.#ringing.size < MAX_RINGING) this.#clock.wakeBy(this.#nextAlarm());
  }

  #due(): string[] {
    const now = this.#options.now();
    const loaded = [...this.#loaded].flatMap(([name, { alarmAt }]) => (alarmAt !== undefined && alarmAt <= now ? [name] : []));
    return [...loaded, ...this.#askIndex((index) => index.due(now, MAX_RINGING), [])];
  }

  /** What the index says, or `otherwise` while it cannot be read. */
  #askIndex<T>(ask: (index: ObjectIndex) => T, otherwise: T): T {
    if (this.#options.now() < this.#pausedUntil) return otherwise;
    try {
      return ask(this.#options.index);
    } catch (fault) {
      this.#pause('alarms of objects that are not loaded wait, for the index cannot be read', fault);
      return otherwise;
    }
  }

  #pause(what: string, fault: unknown): void {
    console.error(what, fault);
    this.#pausedUntil = this.#options.now() + RETRY_FIRST_MS;
  }

  async #ringOne(name: string): Promise<void> {
    this.#ringing.add(name);
    try {
      const loaded = this.#load(name);
      loaded.alarmAt = undefined;
      loaded.calls += 1;
      try {
        await loaded.resident.alarm();
        loaded.failures = 0;
      } catch (fault) {
        console.error(`the alarm of ${name} failed`, fault);
        loaded.alarmAt ??= this.#options.now() + Math.min(RETRY_FIRST_MS * 2 ** loaded.failures, RETRY_MAX_MS);
        loaded.failures += 1;
      } finally {
        loaded.calls -= 1;
        loaded.usedAt = this.#options.now();
      }
    } catch (fault) {
      this.#postpone(name, fault);
    } finally {
      this.#ringing.delete(name);
      this.#clock.wakeBy(this.#nextAlarm());
    }
  }

  /** An object that cannot be loaded must not keep the others from ringing. */
  #postpone(name: string, fault: unknown): void {
    console.error(`${name} could not be loaded for its alarm`, fault);
    try {
      this.#options.index.unloaded([[name, this.#options.now() + RETRY_MAX_MS]]);
    } catch (worse) {
      this.#pause('alarms of objects that are not loaded wait, for the index cannot be written', worse);
    }
  }

  #nextAlarm(): number {
    let next = this.#askIndex((index) => index.nextDue(), Number.POSITIVE_INFINITY);
    if (this.#options.now() < this.#pausedUntil) next = this.#pausedUntil;
    for (const [name, { alarmAt }] of this.#loaded) {
      if (alarmAt !== undefined && !this.#ringing.has(name)) next = Math.min(next, alarmAt);
    }
    return next;
  }
}
