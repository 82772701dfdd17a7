/**
 * The face of the Task Validator: what stands before every task and behind every result, whatever a type's schema is made of.
 * A JSON Schema becomes one through `json-schema.ts`, a schema in code (zod, valibot, arktype) through `standard-schema.ts`.
 */
import type { Json, JsonObject } from '../json.ts';

/** One thing wrong with a value. */
export interface ValidationError {
  /** JSON Pointer into the value; `''` is the value itself. */
  readonly pointer: string;
  /** What is wrong, for people: it follows the name of the place, as in "/currency must be one of …". */
  readonly detail: string;
  /** The JSON Schema keyword that was broken, where one was. */
  readonly keyword?: string;
  /** JSON Pointer of that keyword as evaluation reached it: it passes through `$ref`s. */
  readonly keywordLocation?: string;
  /** The numbers and names in `detail`, for programs. */
  readonly params?: JsonObject;
}

/** A value judged. `value` has the schema's defaults filled in and is otherwise exactly what came in, `__proto__` keys too. */
export type Validation = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly errors: readonly ValidationError[] };

/** A schema ready to judge values. */
export interface Validator {
  /** Never throws for a value; only schemas in code may answer later. */
  validate(value: Json): Validation | Promise<Validation>;
  /** The schema as JSON Schema, for publishing. */
  readonly jsonSchema: Json;
}
