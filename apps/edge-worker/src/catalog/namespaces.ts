/** Namespaces: what one caller sees and no other, its shards and places, and the secret that signs what is sent to its callbacks. */
import type { Envelope } from './envelope.ts';

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

/** A change of a namespace is in force everywhere within this time. */
const FRESH_MS = 10_000;

interface Row {
  readonly name: string;
  readonly shards: number;
  readonly places: string;
  readonly signing_secret: string;
  readonly created_at: number;
}

export class Namespaces {
  readonly #db: D1Database;
  readonly #envelope: Envelope;
  readonly #cache = new Map<string, { readonly row: Row; readonly until: number }>();

  constructor(db: D1Database, envelope: Envelope) {
    this.#db = db;
    this.#envelope = envelope;
  }

  async find(name: string, now: number): Promise<Namespace | undefined> {
    const row = await this.#row(name, now);
    return row === undefined ? undefined : namespaceOf(row);
  }

  /** The secret under which deliveries to this namespace's callbacks are signed (`whsec_…`). */
  async signingSecret(name: string, now: number): Promise<string | undefined> {
    const row = await this.#row(name, now);
    return row === undefined ? undefined : this.#envelope.open(row.signing_secret, about(name));
  }

  /** All of them, by name. Namespaces are few: the clock touches the objects of each. */
  async list(): Promise<readonly Namespace[]> {
    const { results } = await this.#db.prepare('SELECT * FROM namespaces ORDER BY name').all<Row>();
    return results.map(namespaceOf);
  }

  /** Says whether it was created: a name that is taken changes nothing. */
  async create(namespace: Namespace, signingSecret: string): Promise<boolean> {
    const { name, shards, places, createdAt } = namespace;
    const { meta } = await this.#db
      .prepare('INSERT OR IGNORE INTO namespaces (name, shards, places, signing_secret, created_at) VALUES (?, ?, ?, ?, ?)')
      .bind(name, shards, JSON.stringify(places), this.#envelope.seal(signingSecret, about(name)), createdAt)
      .run();
    return meta.changes > 0;
  }

  async #row(name: string, now: number): Promise<Row | undefined> {
    const cached = this.#cache.get(name);
    if (cached !== undefined && cached.until > now) return cached.row;
    const row = await this.#db.prepare('SELECT * FROM namespaces WHERE name = ?').bind(name).first<Row>();
    if (row === null) return undefined;
    this.#cache.set(name, { row, until: now + FRESH_MS });
    return row;
  }
}

function about(name: string): string {
  return `namespace|${name}|signing-secret`;
}

function namespaceOf(row: Row): Namespace {
  return { name: row.name, shards: row.shards, places: JSON.parse(row.places) as Place[], createdAt: row.created_at };
}
