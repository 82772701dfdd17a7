/** What is known of the values of a schema: the keywords of all schemas that hold for them together, and what follows. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { refersOnly } from '../engine/library.ts';
import type { Subschema } from '../engine/resource.ts';
import type { Side } from './side.ts';

export type Schema = Subschema | boolean;

/** Schemas that all hold for a value. */
export interface Facts {
  readonly side: Side;
  readonly all: readonly Subschema[];
  /** `false` is among them: there is no such value. */
  readonly never: boolean;
}

export type KindName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';
export const KINDS: readonly KindName[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** The schemas given, and those they apply in place without a condition: by `$ref` and `allOf`. */
export function factsOf(schemas: readonly Schema[], side: Side): Facts {
  const [only] = schemas;
  if (schemas.length !== 1 || typeof only !== 'object') return gather(schemas, side);
  const known = side.facts.get(only) ?? gather(schemas, side);
  side.facts.set(only, known);
  return known;
}

function gather(schemas: readonly Schema[], side: Side): Facts {
  const all = new Set<Subschema>();
  const open: Schema[] = [...schemas];
  let never = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    side.spend(1);
    if (next === false) never = true;
    if (typeof next === 'boolean' || all.has(next)) continue;
    all.add(next);
    const target = referenceOf(next, side);
    if (target !== null) open.push(target);
    for (const part of listAt(next, 'allOf')) open.push(schemaAt(part, side));
  }
  return { side, all: [...all], never };
}

export function referenceOf({ schema, resource }: Subschema, { compiler }: Side): Schema | null {
  const reference = schema['$ref'];
  return typeof reference === 'string' ? compiler.target(reference, resource).schema : null;
}

/** The place of a nested schema. */
export function schemaAt(schema: Json | undefined, { compiler }: Side): Schema {
  return isJsonObject(schema) ? (compiler.library.placeOf(schema) ?? true) : schema !== false;
}

/** A keyword's value, where the schema has it and its dialect knows it. */
export function valueAt(place: Subschema, keyword: string): Json | undefined {
  const { schema, resource } = place;
  if (!Object.hasOwn(schema, keyword) || !resource.dialect.keywords.has(keyword)) return undefined;
  return keyword !== '$ref' && refersOnly(schema, resource.dialect) ? undefined : schema[keyword];
}

export function listAt(place: Subschema, keyword: string): readonly Json[] {
  const value = valueAt(place, keyword);
  return Array.isArray(value) ? value : [];
}

export function objectAt(place: Subschema, keyword: string): JsonObject {
  const value = valueAt(place, keyword);
  return isJsonObject(value) ? value : {};
}

/** All values of a keyword. */
export function valuesOf({ all }: Facts, keyword: string): readonly Json[] {
  return all.map((place) => valueAt(place, keyword)).filter((value) => value !== undefined);
}

export function numbersOf(facts: Facts, keyword: string): readonly number[] {
  return valuesOf(facts, keyword).filter((value) => typeof value === 'number');
}

/** Alternatives inside alternatives that are looked into. */
const MAX_ALTERNATIVES = 3;

/** The kinds of value that the facts admit. */
export function kindsOf(facts: Facts, nesting = 0): ReadonlySet<KindName> {
  const known = nesting === 0 ? facts.side.kinds.get(facts) : undefined;
  if (known !== undefined) return known;
  facts.side.spend(4 * facts.all.length);
  let kinds = new Set(facts.never ? [] : KINDS);
  const keep = (holds: (kind: KindName) => boolean): void => void (kinds = new Set([...kinds].filter(holds)));
  for (const type of valuesOf(facts, 'type')) {
    const named = new Set((Array.isArray(type) ? type : [type]).map((name) => (name === 'integer' ? 'number' : name)));
    keep((kind) => named.has(kind));
  }
  const values = finiteValues(facts);
  if (values !== null) {
    const named = new Set(values.map(kindOf));
    keep((kind) => named.has(kind));
  }
  for (const branches of nesting < MAX_ALTERNATIVES ? alternativesOf(facts) : []) {
    const named = new Set(branches.flatMap((branch) => [...kindsOf(factsOf([branch], facts.side), nesting + 1)]));
    keep((kind) => named.has(kind));
  }
  if (nesting === 0) facts.side.kinds.set(facts, kinds);
  return kinds;
}

/** The branches of every `anyOf` and `oneOf`: one of each holds. */
export function alternativesOf({ all, side }: Facts): readonly (readonly Schema[])[] {
  return all
    .flatMap((place) => [listAt(place, 'anyOf'), listAt(place, 'oneOf')])
    .filter((branches) => branches.length > 0)
    .map((branches) => branches.map((branch) => schemaAt(branch, side)));
}

export function kindOf(value: Json): KindName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

/** Numbers of these facts have no fraction. */
export function isWhole(facts: Facts): boolean {
  const named = valuesOf(facts, 'type').map((type) => (Array.isArray(type) ? type : [type]));
  return (
    named.some((names) => names.includes('integer') && !names.includes('number')) || numbersOf(facts, 'multipleOf').some(Number.isInteger)
  );
}

/** The only values that the facts admit, where an `enum`, a `const` or the types leave a few; `null` where there are more. */
export function finiteValues(facts: Facts): readonly Json[] | null {
  const constants = valuesOf(facts, 'const').map((value): readonly Json[] => [value]);
  const enums = valuesOf(facts, 'enum').filter((value) => Array.isArray(value));
  const named = valuesOf(facts, 'type').map((type) => (Array.isArray(type) ? type : [type]));
  const small = named.filter((names) => names.every((name) => name === 'null' || name === 'boolean'));
  const [fewest] = [...constants, ...enums, ...small.map(() => [null, true, false])].sort((a, b) => a.length - b.length);
  return fewest ?? null;
}

/** Adds a schema that holds too. */
export function withSchema(facts: Facts, schema: Schema): Facts {
  return factsOf([...facts.all, ...(facts.never ? [false] : []), schema], facts.side);
}
