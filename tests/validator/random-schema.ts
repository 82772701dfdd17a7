/** Random schemas of draft 2020-12, with documents that have a fair chance to be valid: for the tests that compare. */
import type { Json } from '@errand/core/json';
import {
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  letrec,
  oneof,
  record,
  string,
  tuple,
  uniqueArray,
  type Arbitrary,
} from 'fast-check';

const NAMES = ['a', 'b', 'ab', 'toString', '__proto__'] as const;
const PATTERNS = ['^a', 'b$', '^[ab]+$', '^.{2}$', '[0-9]'] as const;
const name = constantFrom(...NAMES);
const size = integer({ min: 0, max: 3 });
const number = oneof(integer({ min: -3, max: 6 }), constantFrom(0.5, 1.5, -0.5, 1e15));
const text = oneof(constantFrom('', 'a', 'b', 'ab', 'ba', 'a1', '😀'), string({ maxLength: 3 }));
const scalar: Arbitrary<Json> = oneof(constant(null), boolean(), number, text);

/** An object with own properties only, `__proto__` among them. */
function entries<T>(value: Arbitrary<T>, maxLength = 3): Arbitrary<Record<string, T>> {
  return uniqueArray(tuple(name, value), { maxLength, selector: ([key]) => key }).map((pairs) => Object.fromEntries(pairs));
}

export const randomValue: Arbitrary<Json> = letrec<{ value: Json }>((tie) => ({
  value: oneof({ maxDepth: 3, depthSize: 'small' }, scalar, array(tie('value'), { maxLength: 4 }), entries(tie('value'), 4)),
})).value;

type SchemaParts = { schema: Json };

export const randomSchema: Arbitrary<Json> = letrec<SchemaParts>((tie) => {
  const schema = tie('schema');
  const list = array(schema, { minLength: 1, maxLength: 3 });
  const type = constantFrom<Json>('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
  const keyword = oneof(
    type.map((value) => ({ type: value })),
    uniqueArray(type, { minLength: 1, maxLength: 3 }).map((value) => ({ type: value })),
    array(oneof(scalar, randomValue), { minLength: 1, maxLength: 3 }).map((values) => ({
      enum: [...new Map(values.map((value) => [JSON.stringify(value), value])).values()],
    })),
    randomValue.map((value) => ({ const: value })),
    number.map((minimum) => ({ minimum })),
    number.map((maximum) => ({ maximum })),
    number.map((exclusiveMinimum) => ({ exclusiveMinimum })),
    constantFrom(1, 2, 0.5, 3).map((multipleOf) => ({ multipleOf })),
    size.map((minLength) => ({ minLength })),
    size.map((maxLength) => ({ maxLength })),
    constantFrom(...PATTERNS).map((pattern) => ({ pattern })),
    size.map((minItems) => ({ minItems })),
    size.map((maxItems) => ({ maxItems })),
    boolean().map((uniqueItems) => ({ uniqueItems })),
    size.map((minProperties) => ({ minProperties })),
    size.map((maxProperties) => ({ maxProperties })),
    uniqueArray(name, { maxLength: 2 }).map((required) => ({ required })),
    entries(schema).map((properties) => ({ properties })),
    tuple(constantFrom(...PATTERNS), schema).map(([pattern, value]) => ({ patternProperties: { [pattern]: value } })),
    schema.map((additionalProperties) => ({ additionalProperties })),
    tuple(entries(schema), schema).map(([properties, additionalProperties]) => ({ properties, additionalProperties })),
    schema.map((propertyNames) => ({ propertyNames })),
    tuple(name, uniqueArray(name, { maxLength: 2 })).map(([key, names]) => ({ dependentRequired: { [key]: names } })),
    tuple(name, schema).map(([key, value]) => ({ dependentSchemas: { [key]: value } })),
    list.map((prefixItems) => ({ prefixItems })),
    schema.map((items) => ({ items })),
    tuple(list, schema).map(([prefixItems, items]) => ({ prefixItems, items })),
    schema.map((contains) => ({ contains })),
    tuple(schema, size, size).map(([contains, minContains, maxContains]) => ({ contains, minContains, maxContains })),
    list.map((allOf) => ({ allOf })),
    list.map((anyOf) => ({ anyOf })),
    list.map((oneOf) => ({ oneOf })),
    schema.map((not) => ({ not })),
    tuple(schema, schema, schema).map((parts) =>
      Object.fromEntries(['if', 'then', 'else'].map((key, index) => [key, parts[index] ?? true])),
    ),
    schema.map((unevaluatedProperties) => ({ unevaluatedProperties })),
    schema.map((unevaluatedItems) => ({ unevaluatedItems })),
    constantFrom('#/$defs/a', '#/$defs/b').map(($ref) => ({ $ref })),
  );
  return {
    schema: oneof(
      { maxDepth: 4, depthSize: 'small' },
      boolean(),
      oneof(
        constant({}),
        array(keyword, { minLength: 1, maxLength: 4 }).map((parts): Json => Object.assign({}, ...parts)),
      ),
    ),
  };
}).schema;

/** A document schema: the random one with the definitions it may refer to, which go into the value or end. */
export const randomDocument: Arbitrary<Json> = record({
  schema: randomSchema,
  a: constantFrom<Json>(
    true,
    { type: 'string' },
    { type: ['number', 'null'] },
    { properties: { a: { $ref: '#/$defs/a' } }, maxProperties: 2 },
  ),
  b: constantFrom<Json>({ items: { $ref: '#/$defs/b' }, type: ['array', 'integer'] }, { enum: ['a', 1, null] }, { minLength: 1 }),
}).map(({ schema, a, b }): Json => ({ ...(typeof schema === 'boolean' ? { allOf: [schema] } : (schema as object)), $defs: { a, b } }));
