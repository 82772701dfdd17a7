/**
 * An object's SQLite with the semantics of a crash: what was made durable survives, of what was only committed any
 * suffix may be lost, what was not committed is gone. One outer transaction stands open; each transaction of the object
 * is a savepoint in it that stays until the disk confirms, so that losing the newest of them is a rollback to a savepoint.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { MIGRATIONS } from '@errand/core/ledger/migrations';
import type { SqlStorage, SqlValue } from '@errand/core/ledger-platform';

const SIZE = `SELECT (page_count - freelist_count) * page_size AS bytes
  FROM pragma_page_count, pragma_freelist_count, pragma_page_size`;

interface Prepared {
  readonly statement: StatementSync;
  readonly reads: boolean;
}

export class SqliteBook {
  /** Counts every write: a checker looks only when it has moved. */
  writes = 0;
  readonly #db = new DatabaseSync(':memory:');
  readonly #prepared = new Map<string, Prepared>();
  #unsynced = 0;
  #depth = 0;
  #migrated = false;
  #tables: readonly string[] | undefined;

  constructor() {
    this.#db.exec('BEGIN');
  }

  /** Transactions that stand and are not durable. */
  get unsynced(): number {
    return this.#unsynced;
  }

  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  get databaseSize(): number {
    const [used] = this.exec(SIZE).toArray();
    return Number(used?.['bytes']);
  }

  exec(query: string, ...bindings: SqlValue[]): ReturnType<SqlStorage['exec']> {
    const { statement, reads } = this.#prepare(query);
    for (const value of bindings)
      if (typeof value !== 'string' && value !== null && !Number.isFinite(value))
        throw new TypeError(`SQLite cannot bind ${typeof value}.`);
    if (reads) {
      const rows = statement.all(...bindings) as Record<string, SqlValue>[];
      return { toArray: () => rows, rowsWritten: 0 };
    }
    this.writes += 1;
    const { changes } = this.#depth === 0 ? this.#alone(statement, bindings) : statement.run(...bindings);
    return { toArray: () => [], rowsWritten: Number(changes) };
  }

  /** A write outside of a transaction is one of its own: it may be lost like any other. */
  #alone(statement: StatementSync, bindings: readonly SqlValue[]): { readonly changes: number | bigint } {
    const { begin, rollback, release } = savepointOf('u', this.#unsynced);
    this.#run(begin);
    try {
      const result = statement.run(...bindings);
      this.#unsynced += 1;
      return result;
    } catch (fault) {
      this.#run(rollback);
      this.#run(release);
      throw fault;
    }
  }

  transaction<T>(work: () => T): T {
    const savepoint = this.#depth === 0 ? savepointOf('u', this.#unsynced) : savepointOf('n', this.#depth);
    this.#run(savepoint.begin);
    this.#depth += 1;
    try {
      const result = work();
      this.#depth -= 1;
      if (this.#depth === 0) this.#unsynced += 1;
      else this.#run(savepoint.release);
      return result;
    } catch (fault) {
      // A crash inside the work has rolled everything back already, this savepoint with it.
      if (this.#depth > 0) {
        this.#depth -= 1;
        this.#run(savepoint.rollback);
        this.#run(savepoint.release);
        this.writes += 1;
      }
      throw fault;
    }
  }

  /** The disk has confirmed everything committed so far. */
  sync(): void {
    if (this.#depth > 0) throw new Error('A transaction cannot be synced while it runs.');
    if (this.#unsynced === 0) return;
    this.#run(savepointOf('u', 0).release);
    this.#unsynced = 0;
  }

  /** Power goes: the running transaction is gone, and of the unsynced ones only the first `kept` survive. */
  crash(kept: number): void {
    const running = this.#depth > 0 ? 1 : 0;
    if (kept < this.#unsynced + running) this.#run(savepointOf('u', kept).rollback);
    if (this.#unsynced + running > 0) this.#run(savepointOf('u', 0).release);
    this.#depth = 0;
    this.#unsynced = 0;
    this.writes += 1;
    this.#migrated = false;
  }

  /** Whether it has been migrated, to the end: the book of an object nobody has called has not. */
  hasTables(): boolean {
    this.#migrated ||=
      this.exec(`SELECT 1 AS one FROM sqlite_master WHERE name = 'migrations'`).toArray().length > 0 &&
      this.exec('SELECT MAX(number) AS number FROM migrations').toArray()[0]?.['number'] === MIGRATIONS.length;
    return this.#migrated;
  }

  /** An empty book with its tables still there: opening a database anew takes longer than a whole schedule should. */
  wipe(): void {
    if (this.writes === 0) return;
    this.#tables ??= this.exec(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%migrations'`)
      .toArray()
      .map(({ name }) => String(name));
    for (const name of this.#tables) this.#run(`DELETE FROM ${name}`);
    // Nothing is undone beyond this: the journal of all that came before goes with it.
    this.#run('COMMIT');
    this.#run('BEGIN');
    this.#unsynced = 0;
    this.writes = 0;
  }

  #run(query: string): void {
    this.#prepare(query).statement.run();
  }

  #prepare(query: string): Prepared {
    const known = this.#prepared.get(query);
    if (known !== undefined) return known;
    const made = { statement: this.#db.prepare(query), reads: /^\s*(SELECT|WITH|PRAGMA)|\bRETURNING\b/i.test(query) };
    this.#prepared.set(query, made);
    return made;
  }
}

interface Savepoint {
  readonly begin: string;
  readonly release: string;
  readonly rollback: string;
}

/** Statements of savepoints, made once: a text that is put together anew costs more than it says. */
const SAVEPOINTS = { u: new Array<Savepoint>(), n: new Array<Savepoint>() };

function savepointOf(stack: 'u' | 'n', number: number): Savepoint {
  const known = SAVEPOINTS[stack][number];
  if (known !== undefined) return known;
  const name = `${stack}${number}`;
  const made = { begin: `SAVEPOINT ${name}`, release: `RELEASE ${name}`, rollback: `ROLLBACK TO ${name}` };
  SAVEPOINTS[stack][number] = made;
  return made;
}
