/** Connections: where a third party is, and a credential that goes in and never comes out, sealed at rest. */
import { CredentialFault } from '@errand/executors/integration/integration-executor';
import type { Connection, ConnectionAuth } from '@errand/executors/integration/connection';
import type { Envelope } from './envelope.ts';

/** A connection as it is shown: without anything that proves who calls. */
export interface ConnectionView {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: { readonly type: ConnectionAuth['type']; readonly in?: 'header' | 'query'; readonly name?: string };
  /** Counts replacements, from 1. */
  readonly version: number;
  readonly createdAt: number;
}

interface Row {
  readonly namespace: string;
  readonly name: string;
  readonly body: string;
  readonly auth: string;
  readonly version: number;
  readonly created_at: number;
}

/** A change of a connection is in force everywhere within this time. */
const FRESH_MS = 10_000;
const MAX_CACHED = 1_000;
/** Replacements of one connection at the same instant that are waited out. */
const MAX_TRIES = 5;

export class Connections {
  readonly #db: D1Database;
  readonly #envelope: Envelope;
  readonly #cache = new Map<string, { readonly row: Row; readonly until: number }>();

  constructor(db: D1Database, envelope: Envelope) {
    this.#db = db;
    this.#envelope = envelope;
  }

  /** Says whether it was created: a name that is taken changes nothing. */
  async create(namespace: string, connection: Connection, now: number): Promise<ConnectionView | undefined> {
    const row = this.#row(namespace, connection, 1, now);
    const { meta } = await this.#db
      .prepare('INSERT OR IGNORE INTO connections (namespace, name, body, auth, version, created_at) VALUES (?, ?, ?, ?, ?, ?)')
      .bind(row.namespace, row.name, row.body, row.auth, row.version, row.created_at)
      .run();
    return meta.changes > 0 ? viewOf(row) : undefined;
  }

  /** Creates a connection, or replaces the one of that name whole. */
  async put(namespace: string, connection: Connection, now: number): Promise<{ readonly view: ConnectionView; readonly created: boolean }> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.#read(namespace, connection.name);
      if (before === null) {
        const view = await this.create(namespace, connection, now);
        if (view !== undefined) return { view, created: true };
        continue;
      }
      const row = this.#row(namespace, connection, before.version + 1, before.created_at);
      const { meta } = await this.#db
        .prepare('UPDATE connections SET body = ?, auth = ?, version = ? WHERE namespace = ? AND name = ? AND version = ?')
        .bind(row.body, row.auth, row.version, namespace, row.name, before.version)
        .run();
      this.#cache.delete(cacheKey(namespace, row.name));
      if (meta.changes > 0) return { view: viewOf(row), created: false };
    }
    throw new Error('The connection kept changing while it was replaced.');
  }

  async find(namespace: string, name: string): Promise<ConnectionView | undefined> {
    const row = await this.#read(namespace, name);
    return row === null ? undefined : viewOf(row);
  }

  /** Newest first, after the connection at `after` (its position, as {@link positionOf} writes it). */
  async list(namespace: string, after: string | null, limit: number): Promise<readonly ConnectionView[]> {
    const [createdAt, name] = after === null ? [Number.MAX_SAFE_INTEGER, ''] : [Number(after.split(' ')[0]), after.split(' ')[1] ?? ''];
    const { results } = await this.#db
      .prepare(
        'SELECT * FROM connections WHERE namespace = ? AND (created_at < ? OR (created_at = ? AND name > ?)) ORDER BY created_at DESC, name LIMIT ?',
      )
      .bind(namespace, createdAt, createdAt, name, limit)
      .all<Row>();
    return results.map(viewOf);
  }

  async remove(namespace: string, name: string): Promise<boolean> {
    const { meta } = await this.#db.prepare('DELETE FROM connections WHERE namespace = ? AND name = ?').bind(namespace, name).run();
    this.#cache.delete(cacheKey(namespace, name));
    return meta.changes > 0;
  }

  /** The connection with its credential, for one call. Throws `CredentialFault` for one that cannot be opened. */
  async open(namespace: string, name: string, now: number): Promise<Connection | undefined> {
    const row = await this.#fresh(namespace, name, now);
    if (row === undefined) return undefined;
    const { baseUrl } = JSON.parse(row.body) as { baseUrl: string };
    try {
      return { name, baseUrl, auth: JSON.parse(this.#envelope.open(row.auth, about(row))) as ConnectionAuth };
    } catch {
      throw new CredentialFault(`The credential of the connection "${name}" cannot be opened. Store it again.`);
    }
  }

  #row(namespace: string, { name, baseUrl, auth }: Connection, version: number, createdAt: number): Row {
    const shown = auth.type === 'apiKey' ? { type: auth.type, in: auth.in, name: auth.name } : { type: auth.type };
    return {
      namespace,
      name,
      body: JSON.stringify({ baseUrl, auth: shown }),
      auth: this.#envelope.seal(JSON.stringify(auth), about({ namespace, name, version })),
      version,
      created_at: createdAt,
    };
  }

  async #fresh(namespace: string, name: string, now: number): Promise<Row | undefined> {
    const key = cacheKey(namespace, name);
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.until > now) return cached.row;
    const row = await this.#read(namespace, name);
    if (row === null) return undefined;
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(key, { row, until: now + FRESH_MS });
    return row;
  }

  #read(namespace: string, name: string): Promise<Row | null> {
    return this.#db.prepare('SELECT * FROM connections WHERE namespace = ? AND name = ?').bind(namespace, name).first<Row>();
  }
}

/** Where a connection stands in a list. */
export function positionOf({ createdAt, name }: ConnectionView): string {
  return `${createdAt} ${name}`;
}

function viewOf(row: Row): ConnectionView {
  const body = JSON.parse(row.body) as Pick<ConnectionView, 'baseUrl' | 'auth'>;
  return { name: row.name, ...body, version: row.version, createdAt: row.created_at };
}

function cacheKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function about({ namespace, name, version }: Pick<Row, 'namespace' | 'name' | 'version'>): string {
  return `connection|${namespace}|${name}|${version}`;
}
