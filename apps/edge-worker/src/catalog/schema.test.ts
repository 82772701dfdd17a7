import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOG_MIGRATIONS } from './migrations.ts';
import * as schema from './schema.ts';

/** What a table is, as far as queries and values depend on it. */
interface Shape {
  readonly columns: Readonly<Record<string, { readonly type: string; readonly nullable: boolean; readonly fallback: unknown }>>;
  readonly primaryKey: readonly string[];
}

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(':memory:');
  for (const statement of CATALOG_MIGRATIONS.flat()) db.exec(statement);
});
afterEach(() => db.close());

describe('the declared tables', () => {
  it('are the migrated ones, column by column', () => {
    expect(declared()).toEqual(migrated());
  });

  it.each([
    ['another type', 'ALTER TABLE hooks DROP COLUMN created_at; ALTER TABLE hooks ADD COLUMN created_at TEXT NOT NULL'],
    ['a column that must have a value', 'ALTER TABLE keys DROP COLUMN person; ALTER TABLE keys ADD COLUMN person TEXT NOT NULL'],
    ['one column more', 'ALTER TABLE namespaces ADD COLUMN extra TEXT'],
    [
      'another primary key',
      'DROP TABLE routing_rules; CREATE TABLE routing_rules (namespace TEXT NOT NULL, rules TEXT NOT NULL, updated_at INTEGER NOT NULL)',
    ],
    ['one table more', 'CREATE TABLE extra (id TEXT PRIMARY KEY)'],
  ])('are told from tables with %s', (_difference, statements) => {
    db.exec(statements);
    expect(declared()).not.toEqual(migrated());
  });
});

function declared(): Record<string, Shape> {
  const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));
  return Object.fromEntries(tables.map((table) => [getTableName(table), declaredShape(table)]));
}

function migrated(): Record<string, Shape> {
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
  return Object.fromEntries(tables.map(({ name }) => [String(name), migratedShape(String(name))]));
}

function declaredShape(table: SQLiteTable): Shape {
  const columns = Object.values(getTableColumns(table));
  const composite = getTableConfig(table).primaryKeys.flatMap((key) => key.columns);
  const primaryKey = [...columns.filter((column) => column.primary), ...composite].map(({ name }) => name);
  return {
    columns: Object.fromEntries(
      columns.map((column) => [
        column.name,
        { type: column.getSQLType().toUpperCase(), nullable: !column.notNull, fallback: column.default ?? null },
      ]),
    ),
    primaryKey,
  };
}

function migratedShape(table: string): Shape {
  const columns = db.prepare('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)').all(table);
  return {
    columns: Object.fromEntries(
      columns.map(({ name, type, notnull, dflt_value, pk }) => [
        String(name),
        // SQLite takes NULL in a key of text, out of old habit; nothing writes one.
        { type: String(type), nullable: notnull === 0 && pk === 0, fallback: dflt_value },
      ]),
    ),
    primaryKey: columns
      .filter(({ pk }) => pk !== 0)
      .sort((a, b) => Number(a['pk']) - Number(b['pk']))
      .map(({ name }) => String(name)),
  };
}
