/** The catalog's tables, as `migrations.ts` makes them: a test holds the two together. */
import type { Person } from '@errand/core/actor';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ConnectionView } from './connections.ts';
import type { Hook } from './hooks.ts';
import type { Scope } from './keys.ts';
import type { Place } from './namespaces.ts';

export const keys = sqliteTable('keys', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull(),
  namespace: text('namespace').notNull(),
  name: text('name').notNull(),
  scopes: text('scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull(),
  person: text('person', { mode: 'json' }).$type<Person>(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
});

export const namespaces = sqliteTable('namespaces', {
  name: text('name').primaryKey(),
  shards: integer('shards').notNull(),
  places: text('places', { mode: 'json' }).$type<readonly Place[]>().notNull(),
  signingSecret: text('signing_secret').notNull(),
  createdAt: integer('created_at').notNull(),
});

export const taskTypes = sqliteTable(
  'task_types',
  {
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    /** JSON. It is read as text, for its length is what it costs to keep. */
    body: text('body').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.namespace, table.name, table.version] })],
);

export const routingRules = sqliteTable('routing_rules', {
  namespace: text('namespace').primaryKey(),
  /** JSON. It is read as text: rules whose text has not changed are not compiled again. */
  rules: text('rules').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const connections = sqliteTable(
  'connections',
  {
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    body: text('body', { mode: 'json' }).$type<Pick<ConnectionView, 'baseUrl' | 'auth'>>().notNull(),
    auth: text('auth').notNull(),
    version: integer('version').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.namespace, table.name] })],
);

export const hooks = sqliteTable('hooks', {
  id: text('id').primaryKey(),
  namespace: text('namespace').notNull(),
  name: text('name').notNull(),
  body: text('body', { mode: 'json' }).$type<Pick<Hook, 'preset' | 'options' | 'on'>>().notNull(),
  secrets: text('secrets').notNull(),
  createdAt: integer('created_at').notNull(),
});
