/** JSON Schemas, compiled once per content: types that share a schema, and new versions that keep it, share its validator. */
import { compileJsonSchema, type Compilation } from '@errand/core/validator/json-schema';
import type { CompiledSchema } from '@errand/core/validator/compiled-schema';
import type { Json } from '@errand/core/json';
import { BoundedCache } from './bounded-cache.ts';
import { canonicalJson, digestOf } from './canonical-json.ts';

/** Characters of the schemas whose validators are kept. A validator weighs some ten times its schema. */
const MAX_SCHEMA_CHARACTERS = 2_000_000;

export class Validators {
  readonly #cache = new BoundedCache<CompiledSchema>(MAX_SCHEMA_CHARACTERS);

  /** The validator of a schema, or what is wrong with the schema. */
  compile(schema: Json): Compilation {
    const hash = digestOf(schema);
    const known = this.#cache.get(hash);
    if (known !== undefined) return { ok: true, validator: known };
    const compiled = compileJsonSchema(schema);
    if (compiled.ok) this.#cache.set(hash, compiled.validator, canonicalJson(schema).length);
    return compiled;
  }
}
