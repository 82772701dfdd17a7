/** The catalog's tables, as numbered migrations: additive, each applied once. It holds no task state, and no ledger reads it. */
export const CATALOG_MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
       person TEXT, created_at INTEGER NOT NULL, expires_at INTEGER)`,
  ],
  [
    `CREATE TABLE namespaces (name TEXT PRIMARY KEY, shards INTEGER NOT NULL, places TEXT NOT NULL, signing_secret TEXT NOT NULL, created_at INTEGER NOT NULL)`,
    `CREATE TABLE task_types (namespace TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (namespace, name, version))`,
    `CREATE TABLE routing_rules (namespace TEXT PRIMARY KEY, rules TEXT NOT NULL, updated_at INTEGER NOT NULL)`,
    `CREATE TABLE connections (namespace TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, auth TEXT NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (namespace, name))`,
    `CREATE TABLE hooks (id TEXT PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, secrets TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  ],
];
