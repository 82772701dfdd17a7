import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { drizzle as drizzleD1 } from 'drizzle-orm/d1';
import { drizzle as drizzleDurable } from 'drizzle-orm/durable-sqlite';
import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localD1 } from './d1.ts';
import { StoredFiles } from './stored-files.ts';

const people = sqliteTable('people', { id: integer().primaryKey(), name: text().notNull(), photo: blob({ mode: 'buffer' }) });
const pets = sqliteTable('pets', { id: integer().primaryKey(), name: text().notNull(), owner: integer().notNull() });
const TABLES = [
  'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, photo BLOB)',
  'CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner INTEGER NOT NULL)',
];

let directory: string;
let files: StoredFiles;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'errand drizzle '));
  files = new StoredFiles();
});
afterEach(() => {
  files.closeAll();
  rmSync(directory, { recursive: true });
});

describe("Drizzle's drivers over the local files", () => {
  it('query the storage of an object', () => {
    const file = files.at(join(directory, 'object.sqlite'));
    for (const table of TABLES) file.sql.exec(table);
    const db = drizzleDurable(file as unknown as DurableObjectStorage);
    db.insert(people)
      .values({ name: 'Ann', photo: Buffer.from([1, 2]) })
      .run();
    expect(db.insert(pets).values({ name: 'Rex', owner: 1 }).returning().all()).toEqual([{ id: 1, name: 'Rex', owner: 1 }]);
    const joined = db.select().from(people).innerJoin(pets, eq(pets.owner, people.id)).all();
    expect(joined).toMatchObject([{ people: { id: 1, name: 'Ann' }, pets: { id: 1, name: 'Rex', owner: 1 } }]);
    expect(() =>
      db.transaction((inner) => {
        inner.update(people).set({ name: 'Bob' }).run();
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(
      db
        .select({ name: people.name, n: sql<number>`count(*)` })
        .from(people)
        .get(),
    ).toEqual({ name: 'Ann', n: 1 });
  });

  it('query the catalog', async () => {
    const db = drizzleD1(localD1(files.at(join(directory, 'catalog.sqlite'))));
    for (const table of TABLES) await db.run(sql.raw(table));
    await db.batch([db.insert(people).values({ name: 'Ann' }), db.insert(pets).values({ name: 'Rex', owner: 1 })]);
    const joined = await db.select().from(people).innerJoin(pets, eq(pets.owner, people.id));
    expect(joined).toEqual([{ people: { id: 1, name: 'Ann', photo: null }, pets: { id: 1, name: 'Rex', owner: 1 } }]);
    expect(await db.select().from(people).where(eq(people.name, 'Bob')).get()).toBeUndefined();
  });
});
