/**
 * The names of all objects and when each is next due, so that alarms of objects that are not loaded fire and survive.
 *
 * While an object is loaded its row says "due at once": after a crash it is loaded again and heals its own alarm. So an alarm
 * costs no write of its own; only loading and unloading an object do.
 */
import type { StoredFile } from './stored-files.ts';

/** In place of a time: the object is loaded. */
const LOADED = 0;
/** In place of a time: it was loaded when the process ended, so it is due at once. */
export const LEFT_LOADED = 1;

export class ObjectIndex {
  readonly #file: StoredFile;

  constructor(file: StoredFile) {
    this.#file = file;
    file.sql.exec('CREATE TABLE IF NOT EXISTS objects (name TEXT PRIMARY KEY, wake_at INTEGER) WITHOUT ROWID');
    file.sql.exec('CREATE INDEX IF NOT EXISTS objects_due ON objects (wake_at) WHERE wake_at IS NOT NULL');
    file.sql.exec('UPDATE objects SET wake_at = ? WHERE wake_at = ?', LEFT_LOADED, LOADED);
  }

  /** Notes on the disk that an object is about to be loaded, and says when it was due next. */
  loading(name: string): number | undefined {
    const wakeAt = this.#file.sql.exec('SELECT wake_at FROM objects WHERE name = ?', name).toArray()[0]?.['wake_at'];
    this.#file.sql.exec(
      'INSERT INTO objects (name, wake_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET wake_at = excluded.wake_at',
      name,
      LOADED,
    );
    return typeof wakeAt === 'number' ? wakeAt : undefined;
  }

  /** Notes when objects that are no longer loaded are due next; `undefined` for never. */
  unloaded(objects: readonly (readonly [name: string, wakeAt: number | undefined])[]): void {
    this.#file.transactionSync(() => {
      for (const [name, wakeAt] of objects) this.#file.sql.exec('UPDATE objects SET wake_at = ? WHERE name = ?', wakeAt ?? null, name);
    });
  }

  /** Objects not loaded and due by `now`, the longest due first. */
  due(now: number, limit: number): string[] {
    return this.#names('SELECT name FROM objects WHERE wake_at > ? AND wake_at <= ? ORDER BY wake_at LIMIT ?', LOADED, now, limit);
  }

  /** When the next object that is not loaded is due. */
  nextDue(): number {
    const row = this.#file.sql.exec('SELECT MIN(wake_at) AS at FROM objects WHERE wake_at > ?', LOADED).one();
    return row['at'] === null ? Number.POSITIVE_INFINITY : Number(row['at']);
  }

  #names(query: string, ...bindings: number[]): string[] {
    return this.#file.sql
      .exec(query, ...bindings)
      .toArray()
      .map((row) => String(row['name']));
  }
}
