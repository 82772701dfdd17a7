/** Brings the catalog up to date, and in development makes the key that `dev.json` names. */
import { SCOPES } from './keys.ts';
import type { Service } from '../api/service.ts';

const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
       person TEXT, created_at INTEGER NOT NULL, expires_at INTEGER)`,
  ],
];

/** Safe to call again and again; each migration is applied once. */
export async function ensureCatalog(service: Service): Promise<void> {
  const { db } = service;
  await db.prepare('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)').run();
  const applied = (await db.prepare('SELECT MAX(number) AS n FROM migrations').first<{ n: number | null }>())?.n ?? 0;
  if (applied > MIGRATIONS.length) throw new Error(`The catalog is from a newer version (migration ${applied}).`);
  for (const [i, statements] of MIGRATIONS.slice(applied).entries()) {
    await db.batch([
      ...statements.map((sql) => db.prepare(sql)),
      db.prepare('INSERT INTO migrations (number) VALUES (?)').bind(applied + i + 1),
    ]);
  }
  if (service.developmentKey !== undefined)
    await service.keys.put(
      service.developmentKey,
      'development',
      { namespace: 'default', scopes: SCOPES, person: { id: 'dev', groups: ['ops'] } },
      service.now(),
    );
}
