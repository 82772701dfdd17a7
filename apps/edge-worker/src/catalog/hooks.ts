/** Hooks: who may send events, how they prove themselves, and what becomes of the events. Secrets are sealed at rest. */
import type { JsonObject } from '@errand/core/json';
import type { PresetName } from '../webhooks/preset.ts';
import type { HookRule } from '../webhooks/hook-rules.ts';
import type { Envelope } from './envelope.ts';

export interface Hook {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly preset: PresetName;
  readonly options: JsonObject;
  readonly on: readonly HookRule[];
  readonly createdAt: number;
}

interface Row {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly body: string;
  readonly secrets: string;
  readonly created_at: number;
}

/** A hook that was deleted is gone everywhere within this time. */
const FRESH_MS = 10_000;
const MAX_CACHED = 1_000;

export class Hooks {
  readonly #db: D1Database;
  readonly #envelope: Envelope;
  readonly #cache = new Map<string, { readonly row: Row; readonly until: number }>();

  constructor(db: D1Database, envelope: Envelope) {
    this.#db = db;
    this.#envelope = envelope;
  }

  async create(hook: Hook, secrets: readonly string[]): Promise<void> {
    const { id, namespace, name, preset, options, on, createdAt } = hook;
    await this.#db
      .prepare('INSERT INTO hooks (id, namespace, name, body, secrets, created_at) VALUES (?, ?, ?, ?, ?, ?)')
      .bind(
        id,
        namespace,
        name,
        JSON.stringify({ preset, options, on }),
        this.#envelope.seal(JSON.stringify(secrets), about(namespace, id)),
        createdAt,
      )
      .run();
  }

  /** The hook by its id alone, as a delivery names it. */
  async find(id: string, now: number): Promise<Hook | undefined> {
    const row = await this.#fresh(id, now);
    return row === undefined ? undefined : hookOf(row);
  }

  /** The live secrets of a hook. */
  async secrets(id: string, now: number): Promise<readonly string[]> {
    const row = await this.#fresh(id, now);
    return row === undefined ? [] : (JSON.parse(this.#envelope.open(row.secrets, about(row.namespace, id))) as string[]);
  }

  /** Newest first, below the hook at `after` (its position, as {@link hookPosition} writes it). */
  async list(namespace: string, after: string | null, limit: number): Promise<readonly Hook[]> {
    const [createdAt, id] = after === null ? [Number.MAX_SAFE_INTEGER, ''] : [Number(after.split(' ')[0]), after.split(' ')[1] ?? ''];
    const { results } = await this.#db
      .prepare(
        'SELECT * FROM hooks WHERE namespace = ? AND (created_at < ? OR (created_at = ? AND id > ?)) ORDER BY created_at DESC, id LIMIT ?',
      )
      .bind(namespace, createdAt, createdAt, id, limit)
      .all<Row>();
    return results.map(hookOf);
  }

  async remove(namespace: string, id: string): Promise<boolean> {
    const { meta } = await this.#db.prepare('DELETE FROM hooks WHERE namespace = ? AND id = ?').bind(namespace, id).run();
    this.#cache.delete(id);
    return meta.changes > 0;
  }

  async #fresh(id: string, now: number): Promise<Row | undefined> {
    const cached = this.#cache.get(id);
    if (cached !== undefined && cached.until > now) return cached.row;
    const row = await this.#db.prepare('SELECT * FROM hooks WHERE id = ?').bind(id).first<Row>();
    if (row === null) {
      this.#cache.delete(id);
      return undefined;
    }
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(id, { row, until: now + FRESH_MS });
    return row;
  }
}

/** Where a hook stands in a list. */
export function hookPosition({ createdAt, id }: Hook): string {
  return `${createdAt} ${id}`;
}

function hookOf({ id, namespace, name, body, created_at }: Row): Hook {
  return { id, namespace, name, ...(JSON.parse(body) as Pick<Hook, 'preset' | 'options' | 'on'>), createdAt: created_at };
}

function about(namespace: string, id: string): string {
  return `hook|${namespace}|${id}|1`;
}
