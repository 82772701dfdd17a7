/** Counts the rows that a ledger writes, as its database counts them: their number is what a task costs. */
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';

export class CountedSql implements SqlStorage {
  readonly #sql: SqlStorage;
  #rowsWritten = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Since this object was opened. Entries in indexes count as rows of their own. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  get databaseSize(): number {
    return this.#sql.databaseSize;
  }

  exec(query: string, ...bindings: SqlValue[]): ReturnType<SqlStorage['exec']> {
    const cursor = this.#sql.exec(query, ...bindings);
    this.#rowsWritten += cursor.rowsWritten;
    return cursor;
  }
}
