/**
 * What the local storage refuses beyond a Durable Object's own rules, because runtimes differ in it: workerd binds `true` as
 * the text `"true"`, Node as 1, Bun and Deno not at all; Deno cuts text at NUL; Node runs only the first of several statements; workerd
 * cannot commit while a statement with RETURNING is half read. And it refuses what Cloudflare documents and workerd lets pass.
 */
import assert from 'node:assert/strict';
import type { Contract } from './contract.ts';
import type { SqlPort } from './sql-storage.contract.ts';

const refuses = (what: string, query: string, ...bindings: unknown[]) => ({
  rule: `refuses ${what}`,
  run: (port: SqlPort) => {
    assert.throws(() => port.sql.exec(query, ...(bindings as never[])));
  },
});

export const SQL_LIMITS_CONTRACT: Contract<SqlPort> = {
  port: 'SqlStorage, stricter',
  cases: [
    refuses('booleans', 'SELECT ? AS a', true),
    refuses('bigints', 'SELECT ? AS a', 1n),
    refuses('undefined', 'SELECT ? AS a', undefined),
    refuses('objects', 'SELECT ? AS a', { b: 1 }),
    refuses('dates', 'SELECT ? AS a', new Date(0)),
    refuses('NaN', 'SELECT ? AS a', Number.NaN),
    refuses('infinity', 'SELECT ? AS a', Number.POSITIVE_INFINITY),
    refuses('NUL in text', 'SELECT ? AS a', 'a\0b'),
    refuses('several statements in one call', 'SELECT 1 AS a; SELECT 2 AS b'),
    refuses('parameters with names', 'SELECT :a AS a', 1),
    refuses('plain parameters beside numbered ones', 'SELECT ?1 AS a, ? AS b', 1, 2),
    refuses('double quotes around text', 'SELECT "nowhere" AS a'),
    refuses('text of more than two megabytes', 'SELECT length(?) AS n', 'x'.repeat(2_000_001)),
    refuses('text of more than two megabytes in UTF-8', 'SELECT length(?) AS n', 'é'.repeat(1_000_001)),
    {
      rule: 'refuses to commit while a statement with RETURNING is not read to its end',
      run: (port) => {
        port.sql.exec('CREATE TABLE t (a INTEGER)');
        const insert = (): unknown => port.sql.exec('INSERT INTO t VALUES (1) RETURNING a');
        assert.throws(() => port.transactionSync(insert), /RETURNING/);
        assert.equal(port.sql.exec('SELECT COUNT(*) AS n FROM t').one()['n'], 0);
        port.transactionSync(() => port.sql.exec('INSERT INTO t VALUES (1) RETURNING a').toArray());
        assert.equal(port.sql.exec('SELECT COUNT(*) AS n FROM t').one()['n'], 1);
      },
    },
    {
      rule: 'refuses a promise from a transaction, and undoes it',
      run: (port) => {
        port.sql.exec('CREATE TABLE t (a INTEGER)');
        assert.throws(() =>
          port.transactionSync(async () => {
            port.sql.exec('INSERT INTO t VALUES (1)');
          }),
        );
        assert.equal(port.sql.exec('SELECT COUNT(*) AS n FROM t').one()['n'], 0);
      },
    },
  ],
};
