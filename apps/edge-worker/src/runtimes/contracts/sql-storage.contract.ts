/** What a ledger may rely on of its SQLite: `storage.sql` and `storage.transactionSync` of a Durable Object, or the local shims. */
import assert from 'node:assert/strict';
import type { Contract, ContractCase } from './contract.ts';

/** The storage, as far as the rules go. */
export interface SqlPort {
  readonly sql: {
    exec(query: string, ...bindings: never[]): SqlCursor;
    readonly databaseSize: number;
  };
  transactionSync<T>(work: () => T): T;
}

interface SqlCursor extends Iterable<Record<string, unknown>> {
  readonly columnNames: readonly string[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
  toArray(): Record<string, unknown>[];
  one(): Record<string, unknown>;
  raw(): { toArray(): unknown[][] };
  next(): { done?: boolean; value?: Record<string, unknown> | undefined };
}

const cases: ContractCase<SqlPort>[] = [];

function rule(text: string, run: (exec: (query: string, ...bindings: unknown[]) => SqlCursor, port: SqlPort) => void): void {
  cases.push({
    rule: text,
    run: (port) => run((query, ...bindings) => port.sql.exec(query, ...(bindings as never[])), port),
  });
}

/** A row as ordinary data: some runtimes give rows without a prototype. */
function plain(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return rows.map((row) => ({ ...row }));
}

rule('gives rows by column', (exec) => {
  exec('CREATE TABLE t (a INTEGER, b TEXT)');
  exec('INSERT INTO t VALUES (?, ?)', 1, 'x');
  exec('INSERT INTO t VALUES (?, ?)', 2, null);
  const cursor = exec('SELECT a, b FROM t ORDER BY a');
  assert.deepEqual([...cursor.columnNames], ['a', 'b']);
  assert.deepEqual(plain(cursor.toArray()), [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]);
});

rule('gives rows one by one, as arrays, and the only one', (exec) => {
  exec('CREATE TABLE t (a INTEGER)');
  exec('INSERT INTO t VALUES (1), (2)');
  const cursor = exec('SELECT a FROM t ORDER BY a');
  assert.deepEqual({ ...cursor.next().value }, { a: 1 });
  assert.deepEqual(plain(cursor.toArray()), [{ a: 2 }]);
  assert.equal(cursor.next().done, true);
  assert.deepEqual(plain([...exec('SELECT a FROM t ORDER BY a')]), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(exec('SELECT a, a + 1 FROM t ORDER BY a').raw().toArray(), [
    [1, 2],
    [2, 3],
  ]);
  assert.deepEqual({ ...exec('SELECT COUNT(*) AS n FROM t').one() }, { n: 2 });
  assert.throws(() => exec('SELECT a FROM t').one());
  assert.throws(() => exec('SELECT a FROM t WHERE a = 3').one());
});

rule('keeps columns of one name apart in arrays', (exec) => {
  assert.deepEqual(exec('SELECT 1 AS a, 2 AS a').raw().toArray(), [[1, 2]]);
});

rule('binds text, numbers, null and bytes, and gives them back', (exec) => {
  exec('CREATE TABLE t (v)');
  for (const value of ['', 'é😀', 0, -1.5, 1e300, 9_007_199_254_740_991, null]) {
    exec('DELETE FROM t');
    exec('INSERT INTO t VALUES (?)', value);
    assert.deepEqual(exec('SELECT v FROM t').one()['v'], value);
  }
  for (const bytes of [new Uint8Array([1, 2, 0, 255]), new Uint8Array([9, 1, 2, 9]).subarray(1, 3), new Uint8Array([7]).buffer]) {
    exec('DELETE FROM t');
    exec('INSERT INTO t VALUES (?)', bytes);
    const { v } = exec('SELECT v FROM t').one();
    assert.ok(v instanceof ArrayBuffer);
    assert.deepEqual(new Uint8Array(v), new Uint8Array(bytes));
  }
});

rule('binds numbers as floating point, so that a division by one is no division of integers', (exec) => {
  assert.deepEqual({ ...exec('SELECT typeof(?) AS t, 5 / ? AS half', 1, 2).one() }, { t: 'real', half: 2.5 });
  exec('CREATE TABLE t (n INTEGER)');
  exec('INSERT INTO t VALUES (?)', 7);
  assert.deepEqual({ ...exec('SELECT typeof(n) AS t, n FROM t').one() }, { t: 'integer', n: 7 });
});

rule('refuses a wrong number of bindings', (exec) => {
  assert.throws(() => exec('SELECT ? AS a, ? AS b', 1));
  assert.throws(() => exec('SELECT ? AS a', 1, 2));
  assert.throws(() => exec('SELECT 1 AS a', 1));
  assert.equal(exec(`SELECT '?' || ? AS "a?" -- ?`, 'x').raw().toArray()[0]?.[0], '?x');
});

rule('binds by number, too', (exec) => {
  assert.deepEqual(exec(`SELECT ?2 AS b, ?1 AS a, ?2 || '?1' AS c`, 'x', 'y').raw().toArray(), [['y', 'x', 'y?1']]);
  assert.throws(() => exec('SELECT ?1 AS a, ?2 AS b', 1));
});

rule('takes a hundred parameters, and refuses one more', (exec) => {
  const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
  const values = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  assert.equal(exec(`SELECT 1 IN (${marks(100)}) AS found`, ...values(100)).one()['found'], 1);
  assert.throws(() => exec(`SELECT 1 IN (${marks(101)}) AS found`, ...values(101)));
});

rule('refuses long patterns', (exec) => {
  assert.equal(exec(`SELECT 'a' LIKE ? AS found`, '%'.repeat(50)).one()['found'], 1);
  assert.throws(() => exec(`SELECT 'a' LIKE ? AS found`, '%'.repeat(51)).toArray());
  assert.throws(() => exec(`SELECT 'a' GLOB ? AS found`, '*'.repeat(51)).toArray());
});

rule('takes a row of just under two megabytes', (exec) => {
  exec('CREATE TABLE t (v TEXT)');
  exec('INSERT INTO t VALUES (?)', 'x'.repeat(1_999_900));
  assert.equal(exec('SELECT length(v) AS n FROM t').one()['n'], 1_999_900);
});

rule('refuses what is too large by far: a value, a statement', (exec) => {
  exec('CREATE TABLE t (v TEXT)');
  // workerd on one's own machine refuses at four times Cloudflare's limit.
  assert.throws(() => exec('INSERT INTO t VALUES (?)', 'x'.repeat(8_400_000)));
  assert.throws(() => exec(`SELECT '${'x'.repeat(100_000)}' AS v`));
  assert.equal(exec('SELECT COUNT(*) AS n FROM t').one()['n'], 0);
});

rule('refuses PRAGMA, ATTACH, temporary tables and transactions in SQL', (exec) => {
  assert.throws(() => exec('PRAGMA user_version = 1'));
  assert.throws(() => exec(`ATTACH ':memory:' AS other`));
  assert.throws(() => exec('CREATE TEMP TABLE t (a)'));
  assert.throws(() => exec('BEGIN'));
  assert.throws(() => exec('SAVEPOINT s'));
  assert.throws(() => exec('COMMIT'));
  assert.throws(() => exec('VACUUM'));
});

rule('refuses an empty query and a wrong one', (exec) => {
  assert.throws(() => exec('SELEC 1'), /syntax/);
  assert.throws(() => exec('SELECT * FROM nowhere'), /no such table/);
  assert.throws(() => exec('  '));
});

rule('says whether a statement wrote anything', (exec) => {
  exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
  assert.equal(exec('INSERT INTO t VALUES (1), (2)').rowsWritten, 2);
  assert.equal(exec('UPDATE t SET a = 3 WHERE a = 9').rowsWritten, 0);
  assert.equal(exec('SELECT * FROM t').rowsWritten, 0);
  assert.equal(exec('INSERT OR IGNORE INTO t VALUES (1)').rowsWritten, 0);
  const deleted = exec('DELETE FROM t WHERE a = 1 RETURNING a');
  assert.equal(deleted.toArray().length, 1);
  assert.ok(deleted.rowsWritten > 0);
  exec('CREATE TABLE u (a INTEGER)');
  exec('INSERT INTO u SELECT a FROM t');
  assert.equal(exec('DELETE FROM t WHERE a = 1').rowsWritten, 0);
});

rule('tells the bytes it takes, less again once rows are deleted', (exec, { sql }) => {
  exec('CREATE TABLE t (a TEXT)');
  const empty = sql.databaseSize;
  for (let i = 0; i < 20; i += 1) exec('INSERT INTO t VALUES (?)', 'x'.repeat(50_000));
  assert.ok(sql.databaseSize >= empty + 1_000_000, `${sql.databaseSize} bytes after a million was written to ${empty}`);
  exec('DELETE FROM t');
  assert.ok(sql.databaseSize < empty + 100_000, `${sql.databaseSize} bytes after all was deleted`);
});

rule('reads what RETURNING gives', (exec) => {
  exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
  assert.deepEqual(plain(exec(`INSERT INTO t VALUES (1, 'x'), (2, 'y') RETURNING a, b`).toArray()), [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  assert.equal(exec('SELECT COUNT(*) AS n FROM t').one()['n'], 2);
});

rule('enforces uniqueness, checks and foreign keys', (exec) => {
  exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CHECK (length(b) < 3))');
  exec('CREATE TABLE u (t INTEGER REFERENCES t (a))');
  exec(`INSERT INTO t VALUES (1, 'x')`);
  assert.throws(() => exec(`INSERT INTO t VALUES (1, 'y')`), /UNIQUE/);
  assert.throws(() => exec(`INSERT INTO t VALUES (2, 'long')`), /CHECK/);
  assert.throws(() => exec('INSERT INTO u VALUES (9)'), /FOREIGN KEY/);
});

rule('has JSON functions, upserts, partial indexes and tables without row ids', (exec) => {
  exec('CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER NOT NULL, w INTEGER) WITHOUT ROWID');
  exec('CREATE INDEX t_due ON t (w) WHERE w IS NOT NULL');
  for (let i = 0; i < 3; i++) exec('INSERT INTO t VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n', 'k', i);
  assert.equal(exec('SELECT n FROM t').one()['n'], 3);
  assert.deepEqual(plain(exec(`SELECT value AS v FROM json_each(?) ORDER BY v`, '["b","a"]').toArray()), [{ v: 'a' }, { v: 'b' }]);
});

rule('sorts text by its bytes', (exec) => {
  exec('CREATE TABLE t (v TEXT)');
  for (const value of ['b', 'B', 'a', 'é', '_']) exec('INSERT INTO t VALUES (?)', value);
  assert.deepEqual(exec('SELECT v FROM t ORDER BY v').raw().toArray().flat(), ['B', '_', 'a', 'b', 'é']);
});

rule('keeps what a transaction wrote, and gives its result', (exec, port) => {
  exec('CREATE TABLE t (a INTEGER)');
  const result = port.transactionSync(() => {
    exec('INSERT INTO t VALUES (1)');
    return 'done';
  });
  assert.equal(result, 'done');
  assert.equal(exec('SELECT COUNT(*) AS n FROM t').one()['n'], 1);
});

rule('undoes a transaction that throws, tables too', (exec, port) => {
  assert.throws(
    () =>
      port.transactionSync(() => {
        exec('CREATE TABLE t (a INTEGER)');
        exec('INSERT INTO t VALUES (1)');
        throw new Error('no');
      }),
    /no/,
  );
  assert.throws(() => exec('SELECT * FROM t'), /no such table/);
  exec('CREATE TABLE t (a INTEGER)');
});

rule('undoes the inner transaction alone when it throws', (exec, port) => {
  exec('CREATE TABLE t (a INTEGER)');
  port.transactionSync(() => {
    exec('INSERT INTO t VALUES (1)');
    assert.throws(
      () =>
        port.transactionSync(() => {
          exec('INSERT INTO t VALUES (2)');
          port.transactionSync(() => exec('INSERT INTO t VALUES (3)'));
          throw new Error('no');
        }),
      /no/,
    );
    port.transactionSync(() => exec('INSERT INTO t VALUES (4)'));
  });
  assert.deepEqual(exec('SELECT a FROM t ORDER BY a').raw().toArray().flat(), [1, 4]);
});

rule('goes on in a transaction after a statement that failed', (exec, port) => {
  exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
  port.transactionSync(() => {
    exec('INSERT INTO t VALUES (1)');
    assert.throws(() => exec('INSERT INTO t VALUES (1)'), /UNIQUE/);
    exec('INSERT INTO t VALUES (2)');
  });
  assert.equal(exec('SELECT COUNT(*) AS n FROM t').one()['n'], 2);
});

rule('takes schema changes between uses of a statement', (exec) => {
  exec('CREATE TABLE t (a INTEGER)');
  exec('INSERT INTO t VALUES (1)');
  assert.deepEqual({ ...exec('SELECT * FROM t').one() }, { a: 1 });
  exec('ALTER TABLE t ADD COLUMN b TEXT');
  assert.deepEqual({ ...exec('SELECT * FROM t').one() }, { a: 1, b: null });
});

/** Rules of every implementation. */
export const SQL_STORAGE_CONTRACT: Contract<SqlPort> = { port: 'SqlStorage', cases };
