/** The example payment provider's books on SQLite: charges by idempotency key, tries, settings, webhooks still to be sent. */
import { DatabaseSync } from 'node:sqlite';

/** A charge as it is stored. Times are epoch ms. */
export interface Charge {
  readonly id: string;
  readonly key: string;
  readonly digest: string;
  readonly order: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'pending' | 'succeeded';
}

/** A webhook to send; `tries` so far. */
export interface Delivery {
  readonly chargeId: string;
  readonly tries: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS charges (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, order_id TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS tries (key TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (charge_id TEXT PRIMARY KEY, due_at INTEGER NOT NULL, tries INTEGER NOT NULL, done INTEGER NOT NULL) STRICT;`;
const CHARGE = 'SELECT id, key, digest, order_id AS "order", amount, currency, status FROM charges';

/** Opens the books in a file. */
export function openStore(file: string) {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(SCHEMA);
  const rows = <T>(sql: string, ...values: (string | number)[]): T[] => db.prepare(sql).all(...values) as T[];
  const run = (sql: string, ...values: (string | number)[]): void => void db.prepare(sql).run(...values);

  return {
    chargeOfKey: (key: string) => rows<Charge>(`${CHARGE} WHERE key = ?`, key)[0],
    charge: (id: string) => rows<Charge>(`${CHARGE} WHERE id = ?`, id)[0],
    charges: () => rows<Charge>(`${CHARGE} ORDER BY rowid`),

    /** Stores a charge, and with it the webhook that a pending one owes. */
    insert(charge: Charge, webhookDueAt: number): void {
      db.exec('BEGIN IMMEDIATE');
      run(
        'INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?, ?)',
        charge.id,
        charge.key,
        charge.digest,
        charge.order,
        charge.amount,
        charge.currency,
        charge.status,
      );
      if (charge.status === 'pending') run('INSERT INTO deliveries VALUES (?, ?, 0, 0)', charge.id, webhookDueAt);
      db.exec('COMMIT');
    },
    settle: (id: string) => run("UPDATE charges SET status = 'succeeded' WHERE id = ?", id),

    /** Counts one more try under a key and gives its number, from 1. */
    countTry: (key: string): number =>
      rows<{ count: number }>('INSERT INTO tries VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1 RETURNING count', key)[0]
        ?.count ?? 1,

    setting: (name: string) => rows<{ value: string }>('SELECT value FROM settings WHERE name = ?', name)[0]?.value,
    set: (name: string, value: string) =>
      run('INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value),

    due: (now: number) =>
      rows<Delivery>('SELECT charge_id AS "chargeId", tries FROM deliveries WHERE done = 0 AND due_at <= ? LIMIT 20', now),
    delivered: (id: string) => run('UPDATE deliveries SET done = 1, tries = tries + 1 WHERE charge_id = ?', id),
    postpone: (id: string, dueAt: number) => run('UPDATE deliveries SET due_at = ?, tries = tries + 1 WHERE charge_id = ?', dueAt, id),

    stats: () =>
      rows<
        Record<string, number>
      >(`SELECT count(*) AS charges, count(DISTINCT key) AS distinctKeys, count(DISTINCT order_id) AS distinctOrders,
        coalesce(sum(status = 'pending'), 0) AS pending, coalesce(sum(status = 'succeeded'), 0) AS succeeded,
        (SELECT count(*) FROM deliveries WHERE done = 1) AS webhooksDelivered FROM charges`)[0],
    close: () => db.close(),
  };
}

/** The books, opened. */
export type Store = ReturnType<typeof openStore>;
