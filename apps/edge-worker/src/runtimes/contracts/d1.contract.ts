/** What the catalog may rely on of its database: D1, or the local one. */
import type { D1Database } from '@cloudflare/workers-types';
import assert from 'node:assert/strict';
import type { Contract, ContractCase } from './contract.ts';

const cases: ContractCase<D1Database>[] = [];
const rule = (text: string, run: (db: D1Database) => Promise<void>): void => void cases.push({ rule: text, run });
const plain = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] => rows.map((row) => ({ ...row }));

rule('runs statements and counts what they changed', async (db) => {
  await db.prepare('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)').run();
  const insert = db.prepare('INSERT OR IGNORE INTO t (a, b) VALUES (?, ?)');
  const first = await insert.bind(1, 'x').run();
  assert.equal(first.success, true);
  assert.equal(first.meta.changes, 1);
  assert.equal((await insert.bind(1, 'x').run()).meta.changes, 0);
  assert.equal((await db.prepare('UPDATE t SET b = ? WHERE a > ?').bind('y', 5).run()).meta.changes, 0);
  assert.equal((await db.prepare('SELECT * FROM t').all()).meta.changes, 0);
});

rule('gives all rows, the first, one column of it, or null', async (db) => {
  await db.prepare('CREATE TABLE t (a INTEGER, b TEXT)').run();
  await db.prepare(`INSERT INTO t VALUES (1, 'x'), (2, NULL)`).run();
  const { results } = await db.prepare('SELECT * FROM t ORDER BY a').all<Record<string, unknown>>();
  assert.deepEqual(plain(results), [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]);
  assert.deepEqual({ ...(await db.prepare('SELECT * FROM t ORDER BY a').first<object>()) }, { a: 1, b: 'x' });
  assert.equal(await db.prepare('SELECT b FROM t WHERE a = ?').bind(1).first('b'), 'x');
  assert.equal(await db.prepare('SELECT b FROM t WHERE a = 9').first(), null);
  await assert.rejects(db.prepare('SELECT b FROM t').first('nowhere'));
});

rule('gives rows as arrays', async (db) => {
  await db.prepare('CREATE TABLE t (a INTEGER, b TEXT)').run();
  await db.prepare(`INSERT INTO t VALUES (1, 'x')`).run();
  assert.deepEqual(await db.prepare('SELECT a, b FROM t').raw(), [[1, 'x']]);
  assert.deepEqual(await db.prepare('SELECT a, b FROM t').raw({ columnNames: true }), [
    ['a', 'b'],
    [1, 'x'],
  ]);
});

rule('gives what RETURNING gives', async (db) => {
  await db.prepare('CREATE TABLE t (a INTEGER PRIMARY KEY, n INTEGER)').run();
  const upsert = db.prepare('INSERT INTO t VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n');
  assert.equal(await upsert.bind(1).first('n'), 1);
  assert.equal(await upsert.bind(1).first('n'), 2);
});

rule('makes one transaction of a batch', async (db) => {
  await db.prepare('CREATE TABLE t (a INTEGER PRIMARY KEY)').run();
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  const results = await db.batch([insert.bind(1), insert.bind(2), db.prepare('SELECT COUNT(*) AS n FROM t')]);
  assert.deepEqual(plain(results[2]?.results as Record<string, unknown>[]), [{ n: 2 }]);
  await assert.rejects(db.batch([insert.bind(3), insert.bind(1)]), /UNIQUE/);
  assert.equal(await db.prepare('SELECT COUNT(*) AS n FROM t').first('n'), 2);
});

rule('a statement can be bound again without changing what was bound before', async (db) => {
  const statement = db.prepare('SELECT ? AS v');
  const [one, two] = [statement.bind(1), statement.bind(2)];
  assert.equal(await two.first('v'), 2);
  assert.equal(await one.first('v'), 1);
});

rule('runs statements of several lines of text', async (db) => {
  const { count } = await db.exec(`CREATE TABLE t (a INTEGER)\nINSERT INTO t VALUES (1)`);
  assert.equal(count, 2);
  assert.equal(await db.prepare('SELECT a FROM t').first('a'), 1);
});

rule('rejects a wrong statement, an undefined parameter and a constraint that does not hold', async (db) => {
  await assert.rejects(db.prepare('SELEC 1').run(), /D1_ERROR/);
  await assert.rejects(async () => db.prepare('SELECT ? AS a').bind(undefined).run(), /D1_TYPE_ERROR/);
  await db.prepare('CREATE TABLE t (a INTEGER PRIMARY KEY)').run();
  await db.prepare('INSERT INTO t VALUES (1)').run();
  await assert.rejects(db.prepare('INSERT INTO t VALUES (1)').run(), /UNIQUE/);
});

export const D1_CONTRACT: Contract<D1Database> = { port: 'D1', cases };
