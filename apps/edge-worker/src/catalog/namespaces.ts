/**
 * Namespaces: the boundary between callers, who see their own and nothing of another. A namespace has shards and places, and a secret by
 * which deliveries to its callbacks are signed.
 */
import { eq } from 'drizzle-orm';
import type { Catalog } from './catalog.ts';
import type { Envelope } from './envelope.ts';
import { FreshCache } from './fresh-cache.ts';
import { namespaces } from './schema.ts';

/** Where in the world a namespace's objects may live (Durable Objects' location hints). */
export const PLACES = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;
export type Place = (typeof PLACES)[number];

export interface Namespace {
  readonly name: string;
  /** Ledgers at each place. It never changes, because the home of an idempotency key is computed from it. */
  readonly shards: number;
  /** Location hints by the number of the place; empty where the platform chooses. */
  readonly places: readonly Place[];
  /** Epoch ms. */
  readonly createdAt: number;
}

const MAX_CACHED = 10_000;

type Row = typeof namespaces.$inferSelect;

export class Namespaces {
  readonly #catalog: Catalog;
  readonly #envelope: Envelope;
  readonly #cache = new FreshCache<Row>(MAX_CACHED);

  constructor(catalog: Catalog, envelope: Envelope) {
    this.#catalog = catalog;
    this.#envelope = envelope;
  }

  async find(name: string, now: number): Promise<Namespace | undefined> {
    const row = await this.#row(name, now);
    return row === undefined ? undefined : namespaceOf(row);
  }

  /** The secret that signs deliveries to the namespace's callbacks (`whsec_…`). Throws where it was sealed under another key. */
  async signingSecret(name: string, now: number): Promise<string | undefined> {
    const row = await this.#row(name, now);
    return row === undefined ? undefined : this.#envelope.open(row.signingSecret, about(name));
  }

  /** All namespaces, by name. They are few, for the clock touches the objects of each. */
  async list(): Promise<readonly Namespace[]> {
    const rows = await this.#catalog.ask((db) => db.select().from(namespaces).orderBy(namespaces.name));
    return rows.map(namespaceOf);
  }

  /** Creates a namespace. Says `false`, and changes nothing, where its name is taken. */
  async create(namespace: Namespace, signingSecret: string): Promise<boolean> {
    const { name, shards, places, createdAt } = namespace;
    const sealed = this.#envelope.seal(signingSecret, about(name));
    const { meta } = await this.#catalog.ask((db) =>
      db.insert(namespaces).values({ name, shards, places, signingSecret: sealed, createdAt }).onConflictDoNothing().run(),
    );
    return meta.changes > 0;
  }

  async #row(name: string, now: number): Promise<Row | undefined> {
    const cached = this.#cache.get(name, now);
    if (cached !== undefined) return cached;
    const row = await this.#catalog.ask((db) => db.select().from(namespaces).where(eq(namespaces.name, name)).get());
    if (row !== undefined) this.#cache.set(name, row, now);
    return row;
  }
}

function about(name: string): string {
  return `namespace|${name}|signing-secret`;
}

function namespaceOf({ name, shards, places, createdAt }: Row): Namespace {
  return { name, shards, places, createdAt };
}
