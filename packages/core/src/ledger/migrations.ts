/**
 * The tables of a ledger, as numbered migrations: additive, each O(1). An object applies what it lacks when it wakes.
 *
 * Eight rows are written for an automated task: its row three times, its entry in `tasks_due` twice, three rows of events.
 * So finished tasks are in no secondary index, payloads over 4 KiB live in `payloads`, out of the row that changes, and what tasks
 * have in common lives in `commons`, so that a row fits its page.
 */
import type { LedgerPlatform } from '../ledger-platform.ts';

export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE tasks (
       id TEXT PRIMARY KEY, status TEXT NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
       system INTEGER NOT NULL, lane TEXT NOT NULL, priority INTEGER NOT NULL, holder TEXT, wake_at INTEGER,
       in_flight INTEGER NOT NULL, dispatches INTEGER NOT NULL, ready INTEGER NOT NULL,
       big_input INTEGER NOT NULL, big_output INTEGER NOT NULL, spec TEXT NOT NULL, state TEXT NOT NULL
     ) WITHOUT ROWID`,
    `CREATE INDEX tasks_due ON tasks (in_flight, wake_at) WHERE wake_at IS NOT NULL`,
    `CREATE INDEX tasks_ready ON tasks (lane, priority, id) WHERE ready = 1`,
    `CREATE TABLE events (task_id TEXT NOT NULL, sequence INTEGER NOT NULL, events TEXT NOT NULL, PRIMARY KEY (task_id, sequence)) WITHOUT ROWID`,
    `CREATE TABLE payloads (task_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (task_id, name))`,
    `CREATE TABLE idempotency (key TEXT PRIMARY KEY, task_id TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE attempt_notes (task_id TEXT NOT NULL, fence INTEGER NOT NULL, logs TEXT NOT NULL, checkpoint TEXT, PRIMARY KEY (task_id, fence)) WITHOUT ROWID`,
    `CREATE TABLE tally (type TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, system INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (type, kind, status, system)) WITHOUT ROWID`,
    `CREATE TABLE throughput (minute INTEGER NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (minute, status)) WITHOUT ROWID`,
  ],
  [`CREATE TABLE passes (name TEXT PRIMARY KEY, ended_at INTEGER NOT NULL) WITHOUT ROWID`],
  [
    `CREATE TABLE hook_receipts (
       id TEXT PRIMARY KEY, hook_id TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL, shown_event_id TEXT, event_id TEXT,
       digest TEXT, duplicate_of TEXT, task_id TEXT, error TEXT
     ) WITHOUT ROWID`,
    `CREATE INDEX hook_receipts_listed ON hook_receipts (hook_id, id)`,
    `CREATE INDEX hook_receipts_by_event ON hook_receipts (hook_id, event_id) WHERE event_id IS NOT NULL`,
    `CREATE INDEX hook_receipts_by_digest ON hook_receipts (hook_id, digest) WHERE digest IS NOT NULL`,
    `CREATE TABLE hook_bodies (id TEXT PRIMARY KEY, headers TEXT NOT NULL, body TEXT NOT NULL, encoding TEXT NOT NULL)`,
    `CREATE TABLE event_waiters (
       task_id TEXT PRIMARY KEY, fence INTEGER NOT NULL, object TEXT NOT NULL, correlation TEXT NOT NULL, at INTEGER NOT NULL, offer_id TEXT
     ) WITHOUT ROWID`,
    `CREATE INDEX event_waiters_by_key ON event_waiters (correlation, at, task_id)`,
    `CREATE TABLE event_offers (
       id TEXT PRIMARY KEY, hook_id TEXT NOT NULL, home TEXT NOT NULL, correlation TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL,
       task_id TEXT, fence INTEGER, object TEXT
     ) WITHOUT ROWID`,
    `CREATE INDEX event_offers_early ON event_offers (correlation, at, id) WHERE state = 'early'`,
    `CREATE TABLE event_outputs (id TEXT PRIMARY KEY, output TEXT NOT NULL)`,
    `CREATE TABLE posts (sequence INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL, post TEXT NOT NULL)`,
    `CREATE INDEX posts_by_destination ON posts (destination, sequence)`,
    `CREATE TABLE post_heads (sender TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID`,
  ],
  [`CREATE TABLE commons (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)`, `ALTER TABLE tasks ADD COLUMN common INTEGER`],
];

/** Brings an object's tables up to date. Throws when they are from a newer version of the service. */
export function migrate({ sql, transaction }: Pick<LedgerPlatform, 'sql' | 'transaction'>): void {
  sql.exec('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)');
  const applied = Number(sql.exec('SELECT MAX(number) AS n FROM migrations').toArray()[0]?.['n'] ?? 0);
  if (applied > MIGRATIONS.length)
    throw new Error(`The data is from a newer version (migration ${applied}); this one knows ${MIGRATIONS.length}.`);
  MIGRATIONS.slice(applied).forEach((statements, i) => {
    transaction(() => {
      for (const statement of statements) sql.exec(statement);
      sql.exec('INSERT INTO migrations (number) VALUES (?)', applied + i + 1);
    });
  });
}
