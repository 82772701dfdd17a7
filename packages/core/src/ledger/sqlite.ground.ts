/**
 * The ground that tests of a ledger stand on: SQLite in this process's memory. In the project `workerd` the same tests stand
 * on `tests/workerd/sqlite.ground.ts`, the storage of a real Durable Object, so that both are held to every rule.
 */
import { DatabaseSync } from 'node:sqlite';
import type { LedgerPlatform, SqlValue } from '../ledger-platform.ts';

/** A new, empty book. */
export function openSqlite(): Pick<LedgerPlatform, 'sql' | 'transaction'> {
  const db = new DatabaseSync(':memory:');
  const size = db.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  );
  return {
    sql: {
      exec(query, ...bindings: SqlValue[]) {
        const rows = db.prepare(query).all(...bindings) as Record<string, SqlValue>[];
        return { toArray: () => rows, rowsWritten: 0 };
      },
      get databaseSize() {
        return Number(size.get()?.['bytes']);
      },
    },
    transaction(work) {
      const outermost = !db.isTransaction;
      db.exec(outermost ? 'BEGIN' : 'SAVEPOINT inner_work');
      try {
        const result = work();
        db.exec(outermost ? 'COMMIT' : 'RELEASE inner_work');
        return result;
      } catch (fault) {
        db.exec(outermost ? 'ROLLBACK' : 'ROLLBACK TO inner_work; RELEASE inner_work');
        throw fault;
      }
    },
  };
}
