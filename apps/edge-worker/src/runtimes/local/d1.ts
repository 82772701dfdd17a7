/** D1's interface over a local file: what the catalog and Drizzle's `d1` driver use. */
import type { LocalSqlValue } from './sql-storage.ts';
import type { StoredFile } from './stored-files.ts';

/** The database in `file`, as `D1Database`. Sessions and dumps are Cloudflare's own and are refused. */
export function localD1(file: StoredFile): D1Database {
  const database = {
    prepare: (query: string) => new LocalStatement(file, query, []),
    /** All of them in one transaction: one that fails undoes all. */
    async batch(statements: readonly LocalStatement[]) {
      return faultsNamed(() => file.transactionSync(() => statements.map((statement) => statement.runNow())));
    },
    /** Runs statements written one a line, as D1 does. */
    async exec(queries: string) {
      const lines = queries.split('\n').filter((line) => line.trim() !== '');
      faultsNamed(() => {
        for (const line of lines) file.sql.exec(line);
      });
      return { count: lines.length, duration: 0 };
    },
    withSession: () => refuse('withSession'),
    dump: () => refuse('dump'),
  };
  return database as unknown as D1Database;
}

class LocalStatement {
  readonly #file: StoredFile;
  readonly #query: string;
  readonly #bindings: readonly unknown[];

  constructor(file: StoredFile, query: string, bindings: readonly unknown[]) {
    this.#file = file;
    this.#query = query;
    this.#bindings = bindings;
  }

  bind(...bindings: unknown[]): LocalStatement {
    return new LocalStatement(this.#file, this.#query, bindings);
  }

  async first(column?: string): Promise<unknown> {
    const row = faultsNamed(() => this.#exec().toArray()[0]);
    if (row === undefined) return null;
    if (column === undefined) return row;
    if (!Object.hasOwn(row, column)) throw new Error(`D1_COLUMN_NOTFOUND: there is no column ${column}`);
    return row[column];
  }

  async run(): Promise<unknown> {
    return faultsNamed(() => this.runNow());
  }

  async all(): Promise<unknown> {
    return faultsNamed(() => this.runNow());
  }

  async raw(options: { readonly columnNames?: boolean } = {}): Promise<unknown[][]> {
    return faultsNamed(() => {
      const cursor = this.#exec();
      const rows: unknown[][] = cursor.raw().toArray();
      return options.columnNames === true ? [[...cursor.columnNames], ...rows] : rows;
    });
  }

  /** The synchronous heart of `run`, for a batch's transaction. */
  runNow(): { success: true; results: Record<string, LocalSqlValue>[]; meta: Record<string, unknown> } {
    const cursor = this.#exec();
    const changes = cursor.rowsWritten;
    return {
      success: true,
      results: cursor.toArray(),
      meta: {
        duration: 0,
        changes,
        rows_read: cursor.rowsRead,
        rows_written: changes,
        changed_db: changes > 0,
        last_row_id: Number(this.#file.sql.exec('SELECT last_insert_rowid() AS id').one()['id']),
      },
    };
  }

  #exec() {
    return this.#file.sql.exec(this.#query, ...this.#bindings);
  }
}

/** Errors carry D1's prefix, which callers look for. */
function faultsNamed<T>(work: () => T): T {
  try {
    return work();
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    throw new Error(`${fault instanceof TypeError ? 'D1_TYPE_ERROR' : 'D1_ERROR'}: ${message}`, { cause: fault });
  }
}

function refuse(member: string): never {
  throw new Error(`D1_ERROR: ${member} is only on Cloudflare.`);
}
