/**
 * The synchronous SQLite of one object over `node:sqlite`, as a Durable Object's `storage.sql` and `transactionSync`. Runtimes
 * differ in what they bind (booleans, bigints, NUL in text), so only what all of them treat alike passes.
 */
import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { OpenDatabase } from './open-database.ts';
import { readParameters, type Parameters } from './parameters.ts';

/** What a statement may bind and return. */
export type LocalSqlValue = string | number | null | ArrayBuffer;
export type LocalRow = Record<string, LocalSqlValue>;

/** Prepared statements kept for each open file; the service has about as many. */
const MAX_STATEMENTS = 128;
const WRITES = /^\s*(?:insert|replace|update|delete|with\b.*\b(?:insert|replace|update|delete))\b/is;
const CHANGES_SCHEMA = /^\s*(?:create|alter|drop)\b/i;

interface Prepared {
  readonly statement: StatementSync;
  readonly parameters: Parameters;
  readonly columns: readonly string[];
  /** Two columns have one name: rows must be read as arrays. */
  readonly ambiguous: boolean;
  /** It may change rows. SQLite's count of changes is that of the last statement that did, so others must not ask it. */
  readonly writes: boolean;
}

/** Statements on one open file. */
export class LocalSql {
  readonly #open: OpenDatabase;
  readonly #statements = new Map<string, Prepared>();
  /** Cursors of this transaction whose statements wrote. */
  #unread: LocalCursor[] = [];
  #depth = 0;

  constructor(open: OpenDatabase) {
    this.#open = open;
  }

  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  /** Bytes that the file takes once the log is copied into it, without the pages that deleted rows left free. */
  get databaseSize(): number {
    return this.#open.size();
  }

  /** Runs one statement. Rows are read before this returns, so a cursor never sees later writes. */
  exec(query: string, ...bindings: unknown[]): LocalCursor {
    const { statement, columns, ambiguous, writes, parameters } = this.#prepare(query);
    const { count, order } = parameters;
    if (bindings.length !== count) throw new TypeError(`The statement has ${count} parameters, and ${bindings.length} were bound.`);
    const given = bindings.map(bindable);
    const values = order === undefined ? given : order.map((i) => given[i] ?? null);
    if (columns.length === 0) {
      const { changes } = statement.run(...values);
      // Some drivers keep a statement's columns over a change of the schema.
      if (CHANGES_SCHEMA.test(query)) this.#statements.clear();
      return new LocalCursor([], [], writes ? Number(changes) : 0);
    }
    const found = statement.all(...values) as unknown as (Record<string, SQLOutputValue> | SQLOutputValue[])[];
    const rows = found.map((row) => (ambiguous ? fromArray(row as SQLOutputValue[]) : withBuffers(row as Record<string, SQLOutputValue>)));
    const cursor = new LocalCursor(columns, rows, writes ? this.#changes() : 0);
    if (writes && rows.length > 0 && this.#depth > 0) this.#unread.push(cursor);
    return cursor;
  }

  /** Runs `work` in one transaction, or in a savepoint of the one it is called in. A throw undoes it. */
  transaction<T>(work: () => T): T {
    const depth = this.#depth;
    this.#open.own(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT level_${depth}`);
    this.#depth += 1;
    try {
      const result = work();
      if (depth === 0 && this.#unread.some(({ isRead }) => !isRead))
        throw new Error('A statement with RETURNING was not read to its end: on Cloudflare its transaction cannot commit.');
      if (isThenable(result)) throw new TypeError('A transaction ends when its function returns: it cannot wait for a promise.');
      this.#open.own(depth === 0 ? 'COMMIT' : `RELEASE level_${depth}`);
      return result;
    } catch (fault) {
      // A full disk ends the transaction by itself.
      if (this.#open.db.isTransaction) this.#open.own(depth === 0 ? 'ROLLBACK' : `ROLLBACK TO level_${depth}; RELEASE level_${depth}`);
      this.#statements.clear();
      throw fault;
    } finally {
      this.#depth = depth;
      if (depth === 0) this.#unread = [];
    }
  }

  close(): void {
    this.#statements.clear();
    this.#open.db.close();
  }

  #prepare(query: string): Prepared {
    const known = this.#statements.get(query);
    if (known !== undefined) return known;
    if (query.trim() === '') throw new SyntaxError('The query has no statement.');
    const parameters = readParameters(query);
    const statement = this.#open.db.prepare(parameters.query);
    if (parameters.query.slice(statement.sourceSQL.length).trim() !== '')
      throw new SyntaxError('One statement a call: the query holds several.');
    const columns = statement.columns().map(({ name }) => name);
    const ambiguous = new Set(columns).size < columns.length;
    if (ambiguous) statement.setReturnArrays(true);
    const prepared = { statement, columns, ambiguous, writes: WRITES.test(query), parameters };
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    this.#statements.set(query, prepared);
    return prepared;
  }

  #changes(): number {
    return Number(this.#prepare('SELECT changes() AS n').statement.get()?.['n']);
  }
}

/** The rows of a statement, read once from the front or all at once, as workerd's cursor gives them. */
export class LocalCursor implements Iterable<LocalRow> {
  readonly columnNames: readonly string[];
  readonly rowsRead: number;
  /** Rows the statement wrote; above zero exactly when it wrote something. */
  readonly rowsWritten: number;
  readonly #rows: readonly (LocalRow | LocalSqlValue[])[];
  #next = 0;

  constructor(columnNames: readonly string[], rows: readonly (LocalRow | LocalSqlValue[])[], rowsWritten: number) {
    this.columnNames = columnNames;
    this.#rows = rows;
    this.rowsRead = rows.length;
    this.rowsWritten = rowsWritten;
  }

  get isRead(): boolean {
    return this.#next >= this.#rows.length;
  }

  toArray(): LocalRow[] {
    const rest = this.#next === 0 ? this.#rows : this.#rows.slice(this.#next);
    this.#next = this.#rows.length;
    return rest.map((row) => this.#object(row));
  }

  /** The only row. Throws when there is none, or more than one. */
  one(): LocalRow {
    const rows = this.toArray();
    const [only] = rows;
    if (only === undefined || rows.length > 1) throw new Error(`Expected one row, and found ${rows.length}.`);
    return only;
  }

  /** Rows as arrays, which keeps columns of one name apart. */
  raw(): IterableIterator<LocalSqlValue[]> & { toArray(): LocalSqlValue[][] } {
    const rows = this.#rows.slice(this.#next).map((row) => (Array.isArray(row) ? row : Object.values(row)));
    this.#next = this.#rows.length;
    return Object.assign(rows.values(), { toArray: () => rows });
  }

  next(): IteratorResult<LocalRow, undefined> {
    const row = this.#rows[this.#next];
    if (row === undefined) return { done: true, value: undefined };
    this.#next += 1;
    return { done: false, value: this.#object(row) };
  }

  [Symbol.iterator](): Iterator<LocalRow> {
    return { next: () => this.next() };
  }

  #object(row: LocalRow | LocalSqlValue[]): LocalRow {
    return Array.isArray(row) ? Object.fromEntries(this.columnNames.map((name, i) => [name, row[i] ?? null])) : row;
  }
}

/** A value as `node:sqlite` binds it alike everywhere; anything else is refused here, not bent. */
function bindable(value: unknown, index: number): string | number | null | Uint8Array {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new TypeError(`Parameter ${index + 1} holds NUL, which ends text in some drivers.`);
    return value;
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`Parameter ${index + 1} is ${describe(value)}: bind text, a finite number, null or bytes.`);
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : `the ${typeof value} ${String(value)}`;
}

/** Blobs leave as `ArrayBuffer`, as on Cloudflare. */
function withBuffers(row: Record<string, SQLOutputValue>): LocalRow {
  for (const name in row) {
    const value = row[name];
    if (value instanceof Uint8Array) (row as LocalRow)[name] = bufferOf(value);
  }
  return row as LocalRow;
}

function fromArray(row: SQLOutputValue[]): LocalSqlValue[] {
  return row.map((value) => (value instanceof Uint8Array ? bufferOf(value) : (value as LocalSqlValue)));
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
