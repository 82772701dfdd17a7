/**
 * The open files of many objects: opened when asked for, the one untouched for longest closed when there are too many. An
 * object whose file is closed keeps its place; the next statement opens it again. So handles are bounded whoever waits.
 */
import { dirname } from 'node:path';
import { makeDirectory } from '../durable-files.ts';
import { openDatabase } from './open-database.ts';
import { LocalSql, type LocalCursor } from './sql-storage.ts';

/** Files open at a time; each takes up to three handles (data, log, shared memory) and a page cache. */
export const MAX_OPEN_FILES = 48;

/** The storage of one object: what a ledger's platform takes, over a file that need not be open. */
export interface StoredFile {
  readonly sql: { exec(query: string, ...bindings: unknown[]): LocalCursor; readonly databaseSize: number };
  transactionSync<T>(work: () => T): T;
  /** Closes the file, for good as far as this storage goes: whoever still holds it has been replaced. */
  retire(): void;
}

export class StoredFiles {
  readonly #maxOpen: number;
  /** In the order of use: the first is the one untouched for longest. */
  readonly #open = new Map<string, LocalSql>();
  #newest = '';

  constructor(maxOpen = MAX_OPEN_FILES) {
    this.#maxOpen = maxOpen;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** The storage at `path`. Nothing is opened or created before its first statement. */
  at(path: string): StoredFile {
    let retired = false;
    const current = (): LocalSql => {
      if (retired) throw new Error(`${path} was asked for by an object that is no longer loaded.`);
      return this.#use(path);
    };
    return {
      sql: {
        exec: (query, ...bindings) => current().exec(query, ...bindings),
        get databaseSize() {
          return current().databaseSize;
        },
      },
      transactionSync: (work) => current().transaction(work),
      retire: () => {
        retired = true;
        this.#close(path);
      },
    };
  }

  closeAll(): void {
    for (const path of this.#open.keys()) this.#close(path);
  }

  #use(path: string): LocalSql {
    const known = this.#open.get(path);
    if (known !== undefined && this.#newest === path) return known;
    const file = known ?? this.#openFile(path);
    this.#open.delete(path);
    this.#open.set(path, file);
    this.#newest = path;
    return file;
  }

  #openFile(path: string): LocalSql {
    for (const [other, file] of this.#open) {
      if (this.#open.size < this.#maxOpen) break;
      // Statements are synchronous, so a file is inside a transaction only while its own work opens another one.
      if (!file.inTransaction) this.#close(other);
    }
    makeDirectory(dirname(path));
    return new LocalSql(openDatabase(path));
  }

  #close(path: string): void {
    this.#open.get(path)?.close();
    this.#open.delete(path);
    if (this.#newest === path) this.#newest = '';
  }
}
