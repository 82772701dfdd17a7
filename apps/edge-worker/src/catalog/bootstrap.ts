/** Brings the catalog up to date, and in development makes the namespace and the key that `dev.json` names. */
import type { Service } from '../api/service.ts';
import { SCOPES } from './keys.ts';
import { CATALOG_MIGRATIONS } from './migrations.ts';

/** Safe to call again and again; each migration is applied once. */
export async function ensureCatalog(service: Service): Promise<void> {
  const { db, development, now } = service;
  await db.prepare('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)').run();
  const applied = (await db.prepare('SELECT MAX(number) AS n FROM migrations').first<{ n: number | null }>())?.n ?? 0;
  if (applied > CATALOG_MIGRATIONS.length)
    throw new Error(`The data is from a newer version (migration ${applied} of the catalog); this one knows ${CATALOG_MIGRATIONS.length}.`);
  for (const [i, statements] of CATALOG_MIGRATIONS.slice(applied).entries()) {
    await db.batch([
      ...statements.map((sql) => db.prepare(sql)),
      db.prepare('INSERT INTO migrations (number) VALUES (?)').bind(applied + i + 1),
    ]);
  }
  if (development === undefined) return;
  await service.namespaces.create({ name: 'default', shards: 1, places: [], createdAt: now() }, development.signingSecret);
  await service.keys.put(development.apiKey, {
    namespace: 'default',
    name: 'development',
    scopes: SCOPES,
    person: { id: 'dev', groups: ['ops'] },
    createdAt: now(),
  });
}
