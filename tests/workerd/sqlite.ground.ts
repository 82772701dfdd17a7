/** The ground of `packages/core/src/ledger/sqlite.ground.ts` in real workerd: every test runs inside a Durable Object of its own. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { LedgerPlatform } from '@errand/core/ledger-platform';
import { aroundEach } from 'vitest';

let empty: DurableObjectStorage | undefined;

// Only inside its object may a storage be touched, so the whole test runs there.
aroundEach(async (runTest) => {
  await runInDurableObject(env.BOOKS.get(env.BOOKS.newUniqueId()), async (_book, { storage }) => {
    empty = storage;
    await runTest();
  });
});

/** The empty book of this test. It has only one. */
export function openSqlite(): Pick<LedgerPlatform, 'sql' | 'transaction'> {
  const storage = empty;
  if (storage === undefined) throw new Error('A test of workerd has one book, and opens it once.');
  empty = undefined;
  return { sql: storage.sql as unknown as LedgerPlatform['sql'], transaction: (work) => storage.transactionSync(work) };
}
