/** Published task types in the catalog. A row is written once: `name@version` never changes, so it is cached for ever. */
import type { TaskType } from '@errand/core/task-type';
import { BoundedCache } from '../bounded-cache.ts';

/** A published type. */
export interface PublishedType {
  readonly type: TaskType;
  /** Of the body as it was sent: a later release may fill in other defaults, and the same body is still the same. */
  readonly digest: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** Where a page of types ended. */
export interface TypePosition {
  readonly createdAt: number;
  readonly name: string;
  readonly version: number;
}

/** Another isolate takes a new version for the highest within this time; the one that published it, at once. */
const FRESH_MS = 10_000;
/** Characters of the rows that are kept; each brings its validators, which weigh some ten times their schemas. */
const MAX_CACHED_CHARACTERS = 2_000_000;
const MAX_HIGHEST = 10_000;

interface Row {
  readonly body: string;
  readonly created_at: number;
}

export class TaskTypes {
  readonly #db: D1Database;
  readonly #byRef = new BoundedCache<PublishedType>(MAX_CACHED_CHARACTERS);
  readonly #highest = new Map<string, { readonly version: number; readonly until: number }>();

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(namespace: string, name: string, version: number): Promise<PublishedType | undefined> {
    const key = `${namespace}/${name}@${version}`;
    const known = this.#byRef.get(key);
    if (known !== undefined) return known;
    const row = await this.#db
      .prepare('SELECT body, created_at FROM task_types WHERE namespace = ? AND name = ? AND version = ?')
      .bind(namespace, name, version)
      .first<Row>();
    if (row === null) return undefined;
    const published = readRow(row);
    this.#byRef.set(key, published, row.body.length);
    return published;
  }

  /**
   * The highest version of a name, of which `inCode` is known already; `undefined` where it has none. That is not remembered:
   * somebody may be about to publish it.
   */
  async highest(namespace: string, name: string, inCode: number | undefined, now: number): Promise<number | undefined> {
    const key = `${namespace}/${name}`;
    const known = this.#highest.get(key);
    if (known !== undefined && known.until > now) return known.version;
    const row = await this.#db
      .prepare('SELECT MAX(version) AS version FROM task_types WHERE namespace = ? AND name = ?')
      .bind(namespace, name)
      .first<{ version: number | null }>();
    const version = Math.max(row?.version ?? 0, inCode ?? 0);
    if (version === 0) return undefined;
    if (this.#highest.size >= MAX_HIGHEST) this.#highest.clear();
    this.#highest.set(key, { version, until: now + FRESH_MS });
    return version;
  }

  /** Says whether it was published: a `name@version` that is taken changes nothing. */
  async insert(namespace: string, { type, digest, createdAt }: PublishedType): Promise<boolean> {
    const { meta } = await this.#db
      .prepare('INSERT OR IGNORE INTO task_types (namespace, name, version, body, created_at) VALUES (?, ?, ?, ?, ?)')
      .bind(namespace, type.name, type.version, JSON.stringify({ type, digest }), createdAt)
      .run();
    this.#highest.delete(`${namespace}/${type.name}`);
    return meta.changes > 0;
  }

  /** All types of a namespace, newest first, after the position of an earlier page. */
  async list(namespace: string, after: TypePosition | null, limit: number): Promise<readonly PublishedType[]> {
    const { createdAt, name, version } = after ?? { createdAt: Number.MAX_SAFE_INTEGER, name: '', version: 0 };
    const { results } = await this.#db
      .prepare(
        `SELECT body, created_at FROM task_types
         WHERE namespace = ? AND (created_at < ? OR (created_at = ? AND (name > ? OR (name = ? AND version < ?))))
         ORDER BY created_at DESC, name, version DESC LIMIT ?`,
      )
      .bind(namespace, createdAt, createdAt, name, name, version, limit)
      .all<Row>();
    return results.map(readRow);
  }

  /** Versions of a name below `before`, highest first. */
  async versions(namespace: string, name: string, before: number, limit: number): Promise<readonly PublishedType[]> {
    const { results } = await this.#db
      .prepare('SELECT body, created_at FROM task_types WHERE namespace = ? AND name = ? AND version < ? ORDER BY version DESC LIMIT ?')
      .bind(namespace, name, before, limit)
      .all<Row>();
    return results.map(readRow);
  }
}

function readRow(row: Row): PublishedType {
  const { type, digest } = JSON.parse(row.body) as Pick<PublishedType, 'type' | 'digest'>;
  return { type, digest, createdAt: row.created_at };
}
