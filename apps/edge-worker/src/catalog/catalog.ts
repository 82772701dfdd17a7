/** The catalog's database. Queries are built by Drizzle, and run on D1 or on the local database that has D1's interface. */
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1';

export class Catalog {
  readonly #db: DrizzleD1Database;

  constructor(db: D1Database) {
    this.#db = drizzle(db);
  }

  /**
   * Runs one query. Throws the database's own error and not Drizzle's, whose message has the query's parameters in it: hashes of keys
   * and sealed secrets would get into logs and into tasks' errors.
   */
  async ask<T>(query: (db: DrizzleD1Database) => PromiseLike<T>): Promise<T> {
    try {
      return await query(this.#db);
    } catch (fault) {
      throw fault instanceof DrizzleQueryError ? (fault.cause ?? new Error('The catalog could not be asked.')) : fault;
    }
  }
}
