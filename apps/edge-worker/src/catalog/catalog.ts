/** The catalog's database: queries are built by Drizzle and run on D1, or on the local database with its face. */
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1';

export class Catalog {
  readonly #db: DrizzleD1Database;

  constructor(db: D1Database) {
    this.#db = drizzle(db);
  }

  /**
   * Runs one query. A fault is thrown as the database threw it: Drizzle's own would show the query's parameters to whoever
   * reads logs or a task's error, and hashes of keys and sealed secrets are among them.
   */
  async ask<T>(query: (db: DrizzleD1Database) => PromiseLike<T>): Promise<T> {
    try {
      return await query(this.#db);
    } catch (fault) {
      throw fault instanceof DrizzleQueryError ? (fault.cause ?? new Error('The catalog could not be asked.')) : fault;
    }
  }
}
