/** Published task types in the catalog. A row never changes once it is written, so what was read of one is cached without an end. */
import type { TaskType } from '@errand/core/task-type';
import { and, desc, eq, gt, lt, max, or, type SQL } from 'drizzle-orm';
import { BoundedCache } from '../bounded-cache.ts';
import type { Catalog } from './catalog.ts';
import { FreshCache } from './fresh-cache.ts';
import { taskTypes } from './schema.ts';

/** A published type. */
export interface PublishedType {
  readonly type: TaskType;
  /** Of the body as it was sent. A later release may fill in other defaults, and must still know the same body. */
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

/** Characters of the rows that are kept in memory. Validators are kept with them, which take about ten times their schemas. */
const MAX_CACHED_CHARACTERS = 2_000_000;
const MAX_HIGHEST = 10_000;

type Row = Pick<typeof taskTypes.$inferSelect, 'body' | 'createdAt'>;
const COLUMNS = { body: taskTypes.body, createdAt: taskTypes.createdAt };

export class TaskTypes {
  readonly #catalog: Catalog;
  readonly #byRef = new BoundedCache<PublishedType>(MAX_CACHED_CHARACTERS);
  readonly #highest = new FreshCache<number>(MAX_HIGHEST);

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async find(namespace: string, name: string, version: number): Promise<PublishedType | undefined> {
    const key = `${namespace}/${name}@${version}`;
    const known = this.#byRef.get(key);
    if (known !== undefined) return known;
    const row = await this.#catalog.ask((db) =>
      db
        .select(COLUMNS)
        .from(taskTypes)
        .where(and(named(namespace, name), eq(taskTypes.version, version)))
        .get(),
    );
    if (row === undefined) return undefined;
    const published = readRow(row);
    this.#byRef.set(key, published, row.body.length);
    return published;
  }

  /**
   * The highest version of a name, published or in code (`inCode`); `undefined` where it has none. That it has none is not cached, so that a
   * first version may be used as soon as it is published.
   */
  async highest(namespace: string, name: string, inCode: number | undefined, now: number): Promise<number | undefined> {
    const key = `${namespace}/${name}`;
    const known = this.#highest.get(key, now);
    if (known !== undefined) return known;
    const row = await this.#catalog.ask((db) =>
      db
        .select({ version: max(taskTypes.version) })
        .from(taskTypes)
        .where(named(namespace, name))
        .get(),
    );
    const version = Math.max(row?.version ?? 0, inCode ?? 0);
    if (version === 0) return undefined;
    this.#highest.set(key, version, now);
    return version;
  }

  /** Publishes a type. Says `false`, and changes nothing, where its `name@version` is taken. */
  async insert(namespace: string, { type, digest, createdAt }: PublishedType): Promise<boolean> {
    const { name, version } = type;
    const { meta } = await this.#catalog.ask((db) =>
      db
        .insert(taskTypes)
        .values({ namespace, name, version, body: JSON.stringify({ type, digest }), createdAt })
        .onConflictDoNothing()
        .run(),
    );
    this.#highest.forget(`${namespace}/${name}`);
    return meta.changes > 0;
  }

  /** All types of a namespace, newest first, after the position of an earlier page. */
  async list(namespace: string, after: TypePosition | null, limit: number): Promise<readonly PublishedType[]> {
    const { createdAt, name, version } = taskTypes;
    const rest =
      after === null
        ? undefined
        : or(
            lt(createdAt, after.createdAt),
            and(eq(createdAt, after.createdAt), or(gt(name, after.name), and(eq(name, after.name), lt(version, after.version)))),
          );
    const rows = await this.#catalog.ask((db) =>
      db
        .select(COLUMNS)
        .from(taskTypes)
        .where(and(eq(taskTypes.namespace, namespace), rest))
        .orderBy(desc(createdAt), name, desc(version))
        .limit(limit),
    );
    return rows.map(readRow);
  }

  /** Versions of a name below `before`, highest first. */
  async versions(namespace: string, name: string, before: number, limit: number): Promise<readonly PublishedType[]> {
    const rows = await this.#catalog.ask((db) =>
      db
        .select(COLUMNS)
        .from(taskTypes)
        .where(and(named(namespace, name), lt(taskTypes.version, before)))
        .orderBy(desc(taskTypes.version))
        .limit(limit),
    );
    return rows.map(readRow);
  }
}

function named(namespace: string, name: string): SQL | undefined {
  return and(eq(taskTypes.namespace, namespace), eq(taskTypes.name, name));
}

function readRow(row: Row): PublishedType {
  const { type, digest } = JSON.parse(row.body) as Pick<PublishedType, 'type' | 'digest'>;
  return { type, digest, createdAt: row.createdAt };
}
