/**
 * What every SQLite of an object must do, on whichever runtime: a Durable Object's own, and each local shim. The limits are
 * Cloudflare's, so that what passes on one machine passes there too. Each rule throws when it is broken, and wants an empty
 * book; it needs no test runner, so that it runs where none does.
 */
import type { LedgerPlatform } from './ports.ts';

export type BookStorage = Pick<LedgerPlatform, 'sql' | 'transaction'>;

export interface StorageRule {
  readonly rule: string;
  readonly check: (storage: BookStorage) => void;
}

/** https://developers.cloudflare.com/durable-objects/platform/limits/ */
const MAX_PARAMETERS = 100;
const MAX_STATEMENT_BYTES = 100_000;
const MAX_PATTERN_BYTES = 50;
const MAX_ROW_BYTES = 2_000_000;
/** What workerd on one's own machine refuses, four times the limit of Cloudflare. */
const SURELY_REFUSED_BYTES = 8_400_000;

export const SQL_STORAGE_RULES: readonly StorageRule[] = [
  {
    rule: 'gives back text, numbers and null as they were bound',
    check: ({ sql }) => {
      sql.exec('CREATE TABLE t (a, b, c, d)');
      sql.exec('INSERT INTO t VALUES (?, ?, ?, ?)', 'ünï🙂', 9_007_199_254_740_991, -0.5, null);
      same(sql.exec('SELECT * FROM t').toArray(), [{ a: 'ünï🙂', b: 9_007_199_254_740_991, c: -0.5, d: null }]);
    },
  },
  {
    rule: 'executes at once, whether or not the rows are read, and knows what RETURNING and ON CONFLICT mean',
    check: ({ sql }) => {
      sql.exec('CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID');
      sql.exec('INSERT INTO t VALUES (?, 1)', 'a');
      const again = sql.exec('INSERT INTO t VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n', 'a');
      same(again.toArray(), [{ n: 2 }]);
    },
  },
  {
    rule: 'counts the rows it wrote',
    check: ({ sql }) => {
      sql.exec('CREATE TABLE t (a)');
      same(sql.exec('INSERT INTO t VALUES (1), (2), (3)').rowsWritten, 3);
      same(sql.exec('SELECT * FROM t').rowsWritten, 0);
    },
  },
  {
    rule: 'reads a list of parameters with json_each',
    check: ({ sql }) => {
      same(sql.exec('SELECT value FROM json_each(?)', '["a","b"]').toArray(), [{ value: 'a' }, { value: 'b' }]);
    },
  },
  {
    rule: 'gives the result of a transaction, and keeps what it wrote',
    check: ({ sql, transaction }) => {
      sql.exec('CREATE TABLE t (a)');
      const written = transaction(() => {
        sql.exec('INSERT INTO t VALUES (1)');
        return 'written';
      });
      same([written, countOf(sql)], ['written', 1]);
    },
  },
  {
    rule: 'undoes a transaction that throws, tables too, and throws the same fault on',
    check: ({ sql, transaction }) => {
      const fault = new Error('planned');
      same(
        thrownBy(() =>
          transaction(() => {
            sql.exec('CREATE TABLE t (a)');
            throw fault;
          }),
        ),
        fault,
      );
      refused(() => sql.exec('SELECT * FROM t'));
    },
  },
  {
    rule: 'undoes only the inner of two transactions when only the inner one throws',
    check: ({ sql, transaction }) => {
      sql.exec('CREATE TABLE t (a)');
      transaction(() => {
        sql.exec('INSERT INTO t VALUES (1)');
        thrownBy(() =>
          transaction(() => {
            sql.exec('INSERT INTO t VALUES (2)');
            throw new Error('planned');
          }),
        );
        sql.exec('INSERT INTO t VALUES (3)');
      });
      same(sql.exec('SELECT a FROM t').toArray(), [{ a: 1 }, { a: 3 }]);
    },
  },
  {
    rule: 'goes on after a statement that failed inside a transaction',
    check: ({ sql, transaction }) => {
      sql.exec('CREATE TABLE t (a PRIMARY KEY)');
      transaction(() => {
        sql.exec('INSERT INTO t VALUES (1)');
        refused(() => sql.exec('INSERT INTO t VALUES (1)'));
        sql.exec('INSERT INTO t VALUES (2)');
      });
      same(countOf(sql), 2);
    },
  },
  {
    rule: `takes ${MAX_PARAMETERS} parameters and refuses one more`,
    check: ({ sql }) => {
      const ask = (count: number) => sql.exec(`SELECT ${Array(count).fill('?').join(' + ')} AS sum`, ...Array<number>(count).fill(1));
      same(ask(MAX_PARAMETERS).toArray(), [{ sum: MAX_PARAMETERS }]);
      refused(() => ask(MAX_PARAMETERS + 1));
    },
  },
  {
    rule: 'refuses a call with too few or too many parameters',
    check: ({ sql }) => {
      refused(() => sql.exec('SELECT ? AS a, ? AS b', 1));
      refused(() => sql.exec('SELECT ? AS a', 1, 2));
    },
  },
  {
    rule: `refuses a statement of more than ${MAX_STATEMENT_BYTES} bytes`,
    check: ({ sql }) => refused(() => sql.exec(`SELECT '${'x'.repeat(MAX_STATEMENT_BYTES)}'`)),
  },
  {
    rule: `refuses a pattern of more than ${MAX_PATTERN_BYTES} bytes`,
    check: ({ sql }) => {
      same(sql.exec('SELECT ? LIKE ? AS matches', 'a', 'a'.repeat(MAX_PATTERN_BYTES)).toArray(), [{ matches: 0 }]);
      refused(() => sql.exec('SELECT ? LIKE ? AS matches', 'a', 'a'.repeat(MAX_PATTERN_BYTES + 1)));
      refused(() => sql.exec('SELECT ? GLOB ? AS matches', 'a', 'a'.repeat(MAX_PATTERN_BYTES + 1)));
    },
  },
  {
    rule: `keeps a row of ${MAX_ROW_BYTES} bytes, and refuses one beyond all limits`,
    check: ({ sql }) => {
      sql.exec('CREATE TABLE t (a)');
      sql.exec('INSERT INTO t VALUES (?)', 'x'.repeat(MAX_ROW_BYTES - 1_024));
      refused(() => sql.exec('INSERT INTO t VALUES (?)', 'x'.repeat(SURELY_REFUSED_BYTES)));
      same(countOf(sql), 1);
    },
  },
  ...['PRAGMA journal_mode = DELETE', 'CREATE TEMP TABLE t (a)', "ATTACH ':memory:' AS other", 'BEGIN', 'SAVEPOINT s', 'VACUUM'].map(
    (statement): StorageRule => ({ rule: `refuses ${statement}`, check: ({ sql }) => refused(() => sql.exec(statement)) }),
  ),
];

function countOf(sql: BookStorage['sql']): unknown {
  return sql.exec('SELECT COUNT(*) AS n FROM t').toArray()[0]?.['n'];
}

function same(actual: unknown, expected: unknown): void {
  if (actual === expected || JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (fault) {
    return fault;
  }
  throw new Error('nothing was thrown');
}

function refused(work: () => unknown): void {
  thrownBy(work);
}
