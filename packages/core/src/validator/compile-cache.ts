/** Compiled schemas by the hash of their content: the same text, whoever sends it and under whichever name, is compiled once. */
import type { Json } from '../json.ts';
import { type Compilation, compileJsonSchema, type CompileOptions } from './json-schema.ts';

export interface CacheLimits {
  readonly maxSchemas: number;
  /** Characters of all schemas in it, which their compiled forms grow with. */
  readonly maxCharacters: number;
}

const LIMITS: CacheLimits = { maxSchemas: 1_000, maxCharacters: 8 * 1024 * 1024 };

interface Entry {
  readonly compilation: Compilation;
  readonly characters: number;
}

/** Forgets what was asked for longest ago when it is full. Refusals are kept too: a bad schema sent again costs nothing. */
export class CompileCache {
  readonly #hash: (text: string) => string;
  readonly #limits: CacheLimits;
  /** In the order of use, the oldest first. */
  readonly #entries = new Map<string, Entry>();
  /** Schemas that refer to others depend on those, which are told apart as objects. */
  readonly #scopes = new WeakMap<ReadonlyMap<string, Json>, number>();
  #scopeCount = 0;
  #characters = 0;

  /** @param hash one that nobody finds collisions for: schemas come from strangers */
  constructor(hash: (text: string) => string, limits: Partial<CacheLimits> = {}) {
    this.#hash = hash;
    this.#limits = { ...LIMITS, ...limits };
  }

  get size(): number {
    return this.#entries.size;
  }

  /** As {@link compileJsonSchema}. The map of `schemas`, where there is one, must not change. */
  compile(schema: Json, options: CompileOptions = {}): Compilation {
    const text = textOf(schema);
    // What cannot be written is refused for its depth, each time anew.
    if (text === null) return compileJsonSchema(schema, options);
    const { formats = '', defaults = '', draft = '', schemas } = options;
    const key = this.#hash(`${formats} ${defaults} ${draft} ${this.#scopeOf(schemas)} ${text}`);
    const known = this.#entries.get(key);
    const entry = known ?? { compilation: compileJsonSchema(schema, options), characters: text.length };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (known === undefined) this.#characters += entry.characters;
    this.#makeRoom();
    return entry.compilation;
  }

  #makeRoom(): void {
    const { maxSchemas, maxCharacters } = this.#limits;
    for (const [key, { characters }] of this.#entries) {
      if (this.#entries.size <= maxSchemas && this.#characters <= maxCharacters) return;
      this.#entries.delete(key);
      this.#characters -= characters;
    }
  }

  #scopeOf(schemas: ReadonlyMap<string, Json> | undefined): number {
    if (schemas === undefined) return 0;
    const known = this.#scopes.get(schemas);
    if (known !== undefined) return known;
    this.#scopeCount += 1;
    this.#scopes.set(schemas, this.#scopeCount);
    return this.#scopeCount;
  }
}

function textOf(schema: Json): string | null {
  try {
    return JSON.stringify(schema);
  } catch {
    return null;
  }
}
