import { eq } from 'drizzle-orm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localD1 } from '../runtimes/local/d1.ts';
import { StoredFiles } from '../runtimes/local/stored-files.ts';
import { Catalog } from './catalog.ts';
import { CATALOG_MIGRATIONS } from './migrations.ts';
import { Keys } from './keys.ts';
import { hooks } from './schema.ts';
import { mintKey } from './api-key.ts';

const files = new StoredFiles();
let directory: string;
let catalog: Catalog;
let d1: D1Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'errand-catalog-'));
  d1 = localD1(files.at(join(directory, 'catalog.sqlite')));
  await d1.batch(CATALOG_MIGRATIONS.flat().map((statement) => d1.prepare(statement)));
  catalog = new Catalog(d1);
});
afterEach(() => {
  files.closeAll();
  rmSync(directory, { recursive: true, force: true });
});

describe('a query of the catalog that fails', () => {
  const row = {
    id: 'hook_1',
    namespace: 'default',
    name: 'h',
    body: { preset: 'standard-webhooks', options: {}, on: [] },
    createdAt: 1,
  } as const;

  it('says what the database said, and none of its parameters', async () => {
    const insert = () =>
      catalog.ask((db) =>
        db
          .insert(hooks)
          .values({ ...row, secrets: 'v1.sealed' })
          .run(),
      );
    await insert();
    const fault = await insert().catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ message: expect.stringMatching(/^D1_ERROR: UNIQUE/) });
    expect(Object.keys(fault as object)).not.toContain('params');
    expect(JSON.stringify([fault, String(fault), (fault as Error).stack])).not.toContain('sealed');
  });

  it('leaves the catalog to the next one', async () => {
    await expect(catalog.ask((db) => db.select().from(hooks).where(eq(hooks.id, '\0')))).rejects.toThrow(/^D1_TYPE_ERROR/);
    await expect(catalog.ask((db) => db.select().from(hooks))).resolves.toEqual([]);
  });
});

describe('keys in the catalog', () => {
  const { key } = mintKey('dev', (count) => new Uint8Array(count).fill(7));
  const record = { namespace: 'default', name: 'n', scopes: ['tasks:read'], createdAt: 5 } as const;

  it('are found again as they were put, a person as well as none', async () => {
    const keys = new Keys(catalog, new Uint8Array(32));
    await keys.put(key, record);
    const keyId = expect.stringMatching(/^key_/);
    expect(await keys.find(key, 10)).toEqual({ keyId, namespace: 'default', scopes: ['tasks:read'] });
    await keys.put(key, { ...record, person: { id: 'ana', groups: ['ops'] }, name: 'other', createdAt: 9 });
    expect(await keys.find(key, 10)).toMatchObject({ person: { id: 'ana', groups: ['ops'] } });
    expect(await keys.list('default', null, 9)).toMatchObject([{ name: 'n', createdAt: 5 }]);
  });

  it('are written only where something changed', async () => {
    const keys = new Keys(catalog, new Uint8Array(32));
    await keys.put(key, record);
    const rowOf = async () =>
      (await d1.prepare('SELECT scopes, person, total_changes() AS changes FROM keys').first()) as Record<string, unknown>;
    const before = await rowOf();
    await keys.put(key, record);
    expect(await rowOf()).toEqual(before);
    expect(before).toMatchObject({ scopes: '["tasks:read"]', person: null });
  });
});
