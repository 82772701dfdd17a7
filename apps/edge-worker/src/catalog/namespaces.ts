/** Namespaces: what one caller sees and no other, its shards and places, and the secret that signs what is sent to its callbacks. */
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
  /** Ledgers at each place. Written at creation: the home of an idempotency key hangs on it. */
  readonly shards: number;
  /** Location hints by place number; empty where the platform chooses. */
  readonly places: readonly Place[];
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

  /** The secret under which deliveries to this namespace's callbacks are signed (`whsec_…`). */
  async signingSecret(name: string, now: number): Promise<string | undefined> {
    const row = await this.#row(name, now);
    return row === undefined ? undefined : this.#envelope.open(row.signingSecret, about(name));
  }

  /** All of them, by name. Namespaces are few: the clock touches the objects of each. */
  async list(): Promise<readonly Namespace[]> {
    const rows = await this.#catalog.ask((db) => db.select().from(namespaces).orderBy(namespaces.name));
    return rows.map(namespaceOf);
  }

  /** Says whether it was created: a name that is taken changes nothing. */
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
