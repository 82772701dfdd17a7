/** One schema or document that means harm, and what must become of it. */
import type { Json, JsonObject } from '@errand/core/json';

export interface HostileCase {
  readonly name: string;
  readonly schema: () => Json;
  /** A document as it arrives; without one, only the schema is compiled. */
  readonly text?: () => string;
  readonly expected: 'schema refused' | 'document refused' | 'valid' | 'any answer';
  /** A part of the sentence that says why. */
  readonly because?: RegExp;
}

/** A schema that is a problem by itself. */
export function schemaCase(name: string, schema: () => Json, because: RegExp): HostileCase {
  return { name, schema, expected: 'schema refused', because };
}

/** A schema that has to be taken, or a document for it. */
export function documentCase(name: string, schema: () => Json, value: () => Json | undefined, because?: RegExp): HostileCase {
  return {
    name,
    schema,
    text: () => JSON.stringify(value()),
    ...(because === undefined ? { expected: 'valid' } : { expected: 'document refused', because }),
  };
}

/** `count` members made by `make`. */
export function list<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function object(count: number, make: (index: number) => readonly [string, Json]): JsonObject {
  return Object.fromEntries(list(count, make));
}

/** `levels` nested around `core`. */
export function nest(levels: number, wrap: (inner: Json) => Json, core: Json = true): Json {
  let value = core;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}
