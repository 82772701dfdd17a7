/** Hooks: who may send events, how they prove themselves, and what becomes of the events. Secrets are sealed at rest. */
import type { JsonObject } from '@errand/core/json';
import { and, eq } from 'drizzle-orm';
import type { PresetName } from '../webhooks/preset.ts';
import type { HookRule } from '../webhooks/hook-rules.ts';
import type { Catalog } from './catalog.ts';
import type { Envelope } from './envelope.ts';
import { FreshCache } from './fresh-cache.ts';
import { afterPosition, newestFirst, positionOf } from './newest-first.ts';
import { hooks } from './schema.ts';

export interface Hook {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly preset: PresetName;
  readonly options: JsonObject;
  readonly on: readonly HookRule[];
  readonly createdAt: number;
}

type Row = typeof hooks.$inferSelect;

const MAX_CACHED = 1_000;

export class Hooks {
  readonly #catalog: Catalog;
  readonly #envelope: Envelope;
  readonly #cache = new FreshCache<Row>(MAX_CACHED);

  constructor(catalog: Catalog, envelope: Envelope) {
    this.#catalog = catalog;
    this.#envelope = envelope;
  }

  async create(hook: Hook, secrets: readonly string[]): Promise<void> {
    const { id, namespace, name, preset, options, on, createdAt } = hook;
    const sealed = this.#envelope.seal(JSON.stringify(secrets), about(namespace, id));
    const body = { preset, options, on };
    await this.#catalog.ask((db) => db.insert(hooks).values({ id, namespace, name, body, secrets: sealed, createdAt }).run());
  }

  /** A hook of any namespace: a delivery names it by its id alone. */
  async find(id: string, now: number): Promise<Hook | undefined> {
    const row = await this.#fresh(id, now);
    return row === undefined ? undefined : hookOf(row);
  }

  /** The secrets of a hook in clear text; none for one that is not there. Throws where they were sealed under another key. */
  async secrets(id: string, now: number): Promise<readonly string[]> {
    const row = await this.#fresh(id, now);
    return row === undefined ? [] : (JSON.parse(this.#envelope.open(row.secrets, about(row.namespace, id))) as string[]);
  }

  /** At most `limit` hooks of a namespace, newest first, after a {@link hookPosition}. */
  async list(namespace: string, after: string | null, limit: number): Promise<readonly Hook[]> {
    const { createdAt, id } = hooks;
    const rest = afterPosition(createdAt, id, after);
    const rows = await this.#catalog.ask((db) =>
      db
        .select()
        .from(hooks)
        .where(and(eq(hooks.namespace, namespace), rest))
        .orderBy(...newestFirst(createdAt, id))
        .limit(limit),
    );
    return rows.map(hookOf);
  }

  async remove(namespace: string, id: string): Promise<boolean> {
    const { meta } = await this.#catalog.ask((db) =>
      db
        .delete(hooks)
        .where(and(eq(hooks.namespace, namespace), eq(hooks.id, id)))
        .run(),
    );
    this.#cache.forget(id);
    return meta.changes > 0;
  }

  async #fresh(id: string, now: number): Promise<Row | undefined> {
    const cached = this.#cache.get(id, now);
    if (cached !== undefined) return cached;
    const row = await this.#catalog.ask((db) => db.select().from(hooks).where(eq(hooks.id, id)).get());
    if (row !== undefined) this.#cache.set(id, row, now);
    return row;
  }
}

/** Where a hook stands in a list. */
export function hookPosition({ createdAt, id }: Hook): string {
  return positionOf(createdAt, id);
}

function hookOf({ id, namespace, name, body, createdAt }: Row): Hook {
  return { id, namespace, name, ...body, createdAt };
}

function about(namespace: string, id: string): string {
  return `hook|${namespace}|${id}|1`;
}
