/** Connections: the base URL of a third party and the credential for it. The credential is sealed at rest, and opened only for a call. */
import { CredentialFault } from '@errand/executors/integration/integration-executor';
import type { Connection, ConnectionAuth } from '@errand/executors/integration/connection';
import { and, eq, type SQL } from 'drizzle-orm';
import type { Catalog } from './catalog.ts';
import type { Envelope } from './envelope.ts';
import { FreshCache } from './fresh-cache.ts';
import { afterPosition, newestFirst, positionOf } from './newest-first.ts';
import { connections } from './schema.ts';

/** A connection as the API shows it, without its secrets. */
export interface ConnectionView {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: { readonly type: ConnectionAuth['type']; readonly in?: 'header' | 'query'; readonly name?: string };
  /** Counts replacements, from 1. */
  readonly version: number;
  readonly createdAt: number;
}

type Row = typeof connections.$inferSelect;

const MAX_CACHED = 1_000;
/** Tries of one replacement, while others replace the same connection at the same time. */
const MAX_TRIES = 5;

export class Connections {
  readonly #catalog: Catalog;
  readonly #envelope: Envelope;
  readonly #cache = new FreshCache<Row>(MAX_CACHED);

  constructor(catalog: Catalog, envelope: Envelope) {
    this.#catalog = catalog;
    this.#envelope = envelope;
  }

  /** Creates a connection; `undefined`, and nothing changed, where its name is taken. */
  async create(namespace: string, connection: Connection, now: number): Promise<ConnectionView | undefined> {
    const row = this.#row(namespace, connection, 1, now);
    const { meta } = await this.#catalog.ask((db) => db.insert(connections).values(row).onConflictDoNothing().run());
    return meta.changes > 0 ? viewOf(row) : undefined;
  }

  /** Creates a connection, or replaces all of the one of that name. Throws when others keep replacing it. */
  async put(namespace: string, connection: Connection, now: number): Promise<{ readonly view: ConnectionView; readonly created: boolean }> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.#read(namespace, connection.name);
      if (before === undefined) {
        const view = await this.create(namespace, connection, now);
        if (view !== undefined) return { view, created: true };
        continue;
      }
      const row = this.#row(namespace, connection, before.version + 1, before.createdAt);
      const { body, auth, version } = row;
      const { meta } = await this.#catalog.ask((db) =>
        db
          .update(connections)
          .set({ body, auth, version })
          .where(and(named(namespace, row.name), eq(connections.version, before.version)))
          .run(),
      );
      this.#cache.forget(cacheKey(namespace, row.name));
      if (meta.changes > 0) return { view: viewOf(row), created: false };
    }
    throw new Error('The connection kept changing while it was replaced.');
  }

  async find(namespace: string, name: string): Promise<ConnectionView | undefined> {
    const row = await this.#read(namespace, name);
    return row === undefined ? undefined : viewOf(row);
  }

  /** At most `limit` connections of a namespace, newest first, after a {@link connectionPosition}. */
  async list(namespace: string, after: string | null, limit: number): Promise<readonly ConnectionView[]> {
    const { createdAt, name } = connections;
    const rest = afterPosition(createdAt, name, after);
    const rows = await this.#catalog.ask((db) =>
      db
        .select()
        .from(connections)
        .where(and(eq(connections.namespace, namespace), rest))
        .orderBy(...newestFirst(createdAt, name))
        .limit(limit),
    );
    return rows.map(viewOf);
  }

  async remove(namespace: string, name: string): Promise<boolean> {
    const { meta } = await this.#catalog.ask((db) => db.delete(connections).where(named(namespace, name)).run());
    this.#cache.forget(cacheKey(namespace, name));
    return meta.changes > 0;
  }

  /** The connection with its credential in clear text, for one call. Throws `CredentialFault` where that cannot be opened. */
  async open(namespace: string, name: string, now: number): Promise<Connection | undefined> {
    const row = await this.#fresh(namespace, name, now);
    if (row === undefined) return undefined;
    try {
      return { name, baseUrl: row.body.baseUrl, auth: JSON.parse(this.#envelope.open(row.auth, about(row))) as ConnectionAuth };
    } catch {
      throw new CredentialFault(`The credential of the connection "${name}" cannot be opened. Store it again.`);
    }
  }

  #row(namespace: string, { name, baseUrl, auth }: Connection, version: number, createdAt: number): Row {
    const shown = auth.type === 'apiKey' ? { type: auth.type, in: auth.in, name: auth.name } : { type: auth.type };
    return {
      namespace,
      name,
      body: { baseUrl, auth: shown },
      auth: this.#envelope.seal(JSON.stringify(auth), about({ namespace, name, version })),
      version,
      createdAt,
    };
  }

  async #fresh(namespace: string, name: string, now: number): Promise<Row | undefined> {
    const key = cacheKey(namespace, name);
    const cached = this.#cache.get(key, now);
    if (cached !== undefined) return cached;
    const row = await this.#read(namespace, name);
    if (row !== undefined) this.#cache.set(key, row, now);
    return row;
  }

  #read(namespace: string, name: string): Promise<Row | undefined> {
    return this.#catalog.ask((db) => db.select().from(connections).where(named(namespace, name)).get());
  }
}

/** Where a connection stands in a list. */
export function connectionPosition({ createdAt, name }: ConnectionView): string {
  return positionOf(createdAt, name);
}

function viewOf({ name, body, version, createdAt }: Row): ConnectionView {
  return { name, ...body, version, createdAt };
}

function named(namespace: string, name: string): SQL | undefined {
  return and(eq(connections.namespace, namespace), eq(connections.name, name));
}

function cacheKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function about({ namespace, name, version }: Pick<Row, 'namespace' | 'name' | 'version'>): string {
  return `connection|${namespace}|${name}|${version}`;
}
