/** An object made for the contracts: it keeps values, notes when its alarm rings, and fails on demand. The same code runs in every runtime. */
import type { SqlPort } from './sql-storage.contract.ts';

/** What a probe gets of its place. */
export interface ProbePlace {
  readonly name: string;
  readonly storage: SqlPort;
  setAlarm(at: number): void | Promise<void>;
}

export class Probe {
  readonly #place: ProbePlace;
  readonly #instance = crypto.randomUUID();
  #active = 0;

  constructor(place: ProbePlace) {
    this.#place = place;
    this.#exec('CREATE TABLE IF NOT EXISTS entries (k TEXT PRIMARY KEY, v TEXT NOT NULL)');
    this.#exec('CREATE TABLE IF NOT EXISTS rings (at INTEGER NOT NULL)');
  }

  /** Its name, and which instance answers: another one after it was unloaded. */
  async identity(): Promise<{ name: string; instance: string }> {
    return { name: this.#place.name, instance: this.#instance };
  }

  async put(key: string, value: string): Promise<void> {
    this.#exec('INSERT OR REPLACE INTO entries (k, v) VALUES (?, ?)', key, value);
  }

  async get(key: string): Promise<string | null> {
    const row = this.#exec('SELECT v FROM entries WHERE k = ?', key).toArray()[0];
    return row === undefined ? null : String(row['v']);
  }

  /** How many calls of this kind are under way, counted while it waits. */
  async overlap(waitMs: number): Promise<number> {
    this.#active += 1;
    await new Promise((done) => setTimeout(done, waitMs));
    const seen = this.#active;
    this.#active -= 1;
    return seen;
  }

  async fail(message: string): Promise<void> {
    throw new Error(message);
  }

  /** Arms the alarm `delayMs` from now, and says when that is. */
  async arm(delayMs: number): Promise<number> {
    const at = Date.now() + delayMs;
    await this.#place.setAlarm(at);
    return at;
  }

  /** The next alarm sets another one, this long after it. */
  async rearmInAlarm(delayMs: number): Promise<void> {
    await this.put('rearm', String(delayMs));
  }

  async failNextAlarm(): Promise<void> {
    await this.put('fail', 'yes');
  }

  /** When the alarm rang, epoch ms. */
  async rings(): Promise<number[]> {
    return this.#exec('SELECT at FROM rings ORDER BY rowid')
      .toArray()
      .map((row) => Number(row['at']));
  }

  async alarm(): Promise<void> {
    const rearm = await this.get('rearm');
    if ((await this.get('fail')) === 'yes' && !failed.has(this.#place.name)) {
      // Outside the storage: what a failing alarm wrote may be undone with it.
      failed.add(this.#place.name);
      throw new Error('The alarm fails on demand.');
    }
    this.#exec('INSERT INTO rings (at) VALUES (?)', Date.now());
    if (rearm !== null) {
      this.#exec(`DELETE FROM entries WHERE k = 'rearm'`);
      await this.#place.setAlarm(Date.now() + Number(rearm));
    }
  }

  #exec(query: string, ...bindings: unknown[]) {
    return this.#place.storage.sql.exec(query, ...(bindings as never[]));
  }
}

const failed = new Set<string>();
