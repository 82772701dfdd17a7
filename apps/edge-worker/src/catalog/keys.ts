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

/** A revoked key stops working within this time. */
const FRESH_MS = 10_000;
const MAX_CACHED = 10_000;

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
      .prepare('SELECT id, namespace, scopes, person FROM keys WHERE id = ? AND hash = ? AND (expires_at IS NULL OR expires_at > ?)')
      .bind(parsed.id, hash, now)
      .first<{ id: string; namespace: string; scopes: string; person: string | null }>();
    const caller = row === null ? undefined : callerOf(row);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(key, { caller, until: now + FRESH_MS });
    return caller;
  }

  /** Stores a key under its hash; the same key again replaces what it may do. */
  async put(key: string, name: string, caller: Omit<Caller, 'keyId'>, now: number): Promise<void> {
    const parsed = parseKey(key);
    if (parsed === undefined) throw new Error('The key is not well formed.');
    await this.#db
      .prepare('INSERT OR REPLACE INTO keys (id, hash, namespace, name, scopes, person, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .bind(
        parsed.id,
        hashKey(key, this.#pepper),
        caller.namespace,
        name,
        JSON.stringify(caller.scopes),
        caller.person === undefined ? null : JSON.stringify(caller.person),
        now,
      )
      .run();
    this.#cache.clear();
  }
}

function callerOf(row: { id: string; namespace: string; scopes: string; person: string | null }): Caller {
  return {
    keyId: row.id,
    namespace: row.namespace,
    scopes: JSON.parse(row.scopes) as Scope[],
    ...(row.person === null ? {} : { person: JSON.parse(row.person) as Person }),
  };
}
