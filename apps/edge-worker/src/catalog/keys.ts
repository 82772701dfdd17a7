/** API keys in the catalog: who calls, in which namespace, and what they may do. Only a hash of a key's text is stored. */
import type { Person } from '@errand/core/actor';
import { and, eq, getTableColumns, gt, isNull, or, sql } from 'drizzle-orm';
import { hashKey, parseKey } from './api-key.ts';
import type { Catalog } from './catalog.ts';
import { FreshCache } from './fresh-cache.ts';
import { afterPosition, newestFirst, positionOf } from './newest-first.ts';
import { keys } from './schema.ts';

export const SCOPES = [
  'tasks:submit',
  'tasks:read',
  'tasks:operate',
  'manual:work',
  'manual:admin',
  'types:write',
  'connections:write',
  'hooks:write',
  'keys:write',
  'namespaces:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Whom a valid key stands for. */
export interface Caller {
  readonly keyId: string;
  readonly namespace: string;
  readonly scopes: readonly Scope[];
  readonly person?: Person;
}

/** What is known of a key besides its text, which nobody keeps. */
export interface KeyRecord extends Caller {
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly expiresAt?: number;
}

const MAX_CACHED = 10_000;

type Row = Omit<typeof keys.$inferSelect, 'hash'>;
const { hash: _hash, ...COLUMNS } = getTableColumns(keys);

export class Keys {
  readonly #catalog: Catalog;
  readonly #pepper: Uint8Array;
  /** By the key's text. Unknown keys are kept, too: they are sent again and again by whoever has a wrong one. */
  readonly #cache = new FreshCache<{ readonly caller: Caller | undefined }>(MAX_CACHED);

  constructor(catalog: Catalog, pepper: Uint8Array) {
    this.#catalog = catalog;
    this.#pepper = pepper;
  }

  /** Whom a key stands for at `now` (epoch ms); `undefined` for one that is unknown, revoked or expired. */
  async find(key: string, now: number): Promise<Caller | undefined> {
    const cached = this.#cache.get(key, now);
    if (cached !== undefined) return cached.caller;
    const parsed = parseKey(key);
    if (parsed === undefined) return undefined;
    const hash = hashKey(key, this.#pepper);
    const row = await this.#catalog.ask((db) =>
      db
        .select(COLUMNS)
        .from(keys)
        .where(and(eq(keys.id, parsed.id), eq(keys.hash, hash), or(isNull(keys.expiresAt), gt(keys.expiresAt, now))))
        .get(),
    );
    const caller = row === undefined ? undefined : callerOf(row);
    this.#cache.set(key, { caller }, now, row?.expiresAt ?? undefined);
    return caller;
  }

  /** Stores a key. The same one again changes its scopes and its person, not when it was made. Throws for a text that is no key. */
  async put(key: string, record: Omit<KeyRecord, 'keyId'>): Promise<void> {
    const parsed = parseKey(key);
    if (parsed === undefined) throw new Error('The key is not well formed.');
    const { namespace, name, scopes, person, createdAt, expiresAt } = record;
    const changing = { hash: hashKey(key, this.#pepper), scopes, person: person ?? null };
    const { meta } = await this.#catalog.ask((db) =>
      db
        .insert(keys)
        .values({ id: parsed.id, namespace, name, createdAt, expiresAt: expiresAt ?? null, ...changing })
        .onConflictDoUpdate({
          target: keys.id,
          set: changing,
          setWhere: sql`${keys.hash} <> excluded.hash OR ${keys.scopes} <> excluded.scopes OR ${keys.person} IS NOT excluded.person`,
        })
        .run(),
    );
    if (meta.changes === 0) return;
    this.#cache.forget(key);
    this.#cache.forgetEach(({ caller }) => caller?.keyId === parsed.id);
  }

  /** At most `limit` keys of a namespace, newest first, after a {@link keyPosition}. */
  async list(namespace: string, after: string | null, limit: number): Promise<readonly KeyRecord[]> {
    const rest = afterPosition(keys.createdAt, keys.id, after);
    const rows = await this.#catalog.ask((db) =>
      db
        .select(COLUMNS)
        .from(keys)
        .where(and(eq(keys.namespace, namespace), rest))
        .orderBy(...newestFirst(keys.createdAt, keys.id))
        .limit(limit),
    );
    return rows.map(recordOf);
  }

  /** Revokes a key. Says whether there was one. */
  async revoke(namespace: string, keyId: string): Promise<boolean> {
    const { meta } = await this.#catalog.ask((db) =>
      db
        .delete(keys)
        .where(and(eq(keys.namespace, namespace), eq(keys.id, keyId)))
        .run(),
    );
    this.#cache.forgetEach(({ caller }) => caller?.keyId === keyId);
    return meta.changes > 0;
  }
}

/** Where a key stands in a list. */
export function keyPosition({ createdAt, keyId }: KeyRecord): string {
  return positionOf(createdAt, keyId);
}

function callerOf({ id, namespace, scopes, person }: Row): Caller {
  return { keyId: id, namespace, scopes, ...(person === null ? {} : { person }) };
}

function recordOf(row: Row): KeyRecord {
  return {
    ...callerOf(row),
    name: row.name,
    createdAt: row.createdAt,
    ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }),
  };
}
