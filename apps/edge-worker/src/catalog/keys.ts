/** Keys in the catalog: who calls, in which namespace, and what they may do. Stored hashed; in force within ten seconds. */
import type { Person } from '@errand/core/actor';
import { hashKey, parseKey } from './api-key.ts';

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

/** A revoked key stops working within this time. */
const FRESH_MS = 10_000;
const MAX_CACHED = 10_000;

interface Row {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly scopes: string;
  readonly person: string | null;
  readonly created_at: number;
  readonly expires_at: number | null;
}
const COLUMNS = 'id, namespace, name, scopes, person, created_at, expires_at';

export class Keys {
  readonly #db: D1Database;
  readonly #pepper: Uint8Array;
  readonly #cache = new Map<string, { readonly caller: Caller | undefined; readonly until: number }>();

  constructor(db: D1Database, pepper: Uint8Array) {
    this.#db = db;
    this.#pepper = pepper;
  }

  /** Who a key belongs to, or `undefined` for an unknown, revoked or expired one. */
  async find(key: string, now: number): Promise<Caller | undefined> {
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.until > now) return cached.caller;
    const parsed = parseKey(key);
    if (parsed === undefined) return undefined;
    const hash = hashKey(key, this.#pepper);
    const row = await this.#db
      .prepare(`SELECT ${COLUMNS} FROM keys WHERE id = ? AND hash = ? AND (expires_at IS NULL OR expires_at > ?)`)
      .bind(parsed.id, hash, now)
      .first<Row>();
    const caller = row === null ? undefined : callerOf(row);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(key, { caller, until: Math.min(now + FRESH_MS, row?.expires_at ?? Number.POSITIVE_INFINITY) });
    return caller;
  }

  /** Stores a key under its hash. The same key again changes what it may do, and not when it was made. */
  async put(key: string, record: Omit<KeyRecord, 'keyId'>): Promise<void> {
    const parsed = parseKey(key);
    if (parsed === undefined) throw new Error('The key is not well formed.');
    const { namespace, name, scopes, person, createdAt, expiresAt } = record;
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO keys (id, hash, namespace, name, scopes, person, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes, person = excluded.person
         WHERE hash <> excluded.hash OR scopes <> excluded.scopes OR person IS NOT excluded.person`,
      )
      .bind(
        parsed.id,
        hashKey(key, this.#pepper),
        namespace,
        name,
        JSON.stringify(scopes),
        person === undefined ? null : JSON.stringify(person),
        createdAt,
        expiresAt ?? null,
      )
      .run();
    if (meta.changes > 0) this.#cache.clear();
  }

  /** Keys of a namespace, newest first, after the position of an earlier page. */
  async list(namespace: string, after: KeyPosition | null, limit: number): Promise<readonly KeyRecord[]> {
    const { createdAt, keyId } = after ?? { createdAt: Number.MAX_SAFE_INTEGER, keyId: '' };
    const { results } = await this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM keys WHERE namespace = ? AND (created_at < ? OR (created_at = ? AND id > ?))
         ORDER BY created_at DESC, id LIMIT ?`,
      )
      .bind(namespace, createdAt, createdAt, keyId, limit)
      .all<Row>();
    return results.map(recordOf);
  }

  /** Says whether there was such a key. In force at once here, and within {@link FRESH_MS} elsewhere. */
  async revoke(namespace: string, keyId: string): Promise<boolean> {
    const { meta } = await this.#db.prepare('DELETE FROM keys WHERE namespace = ? AND id = ?').bind(namespace, keyId).run();
    for (const [key, { caller }] of this.#cache) if (caller?.keyId === keyId) this.#cache.delete(key);
    return meta.changes > 0;
  }
}

/** Where a page of keys ended. */
export type KeyPosition = Pick<KeyRecord, 'createdAt' | 'keyId'>;

function callerOf({ id, namespace, scopes, person }: Row): Caller {
  return {
    keyId: id,
    namespace,
    scopes: JSON.parse(scopes) as Scope[],
    ...(person === null ? {} : { person: JSON.parse(person) as Person }),
  };
}

function recordOf(row: Row): KeyRecord {
  return {
    ...callerOf(row),
    name: row.name,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  };
}
