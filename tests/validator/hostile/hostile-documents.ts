/** Schemas that must be taken, with documents that mean harm: each is judged in time or refused for its cost. */
import type { Json } from '@errand/core/json';
import { documentCase, type HostileCase, list, nest, object } from './hostile-case.ts';

const COSTS = /too much work/;
const parsed = (text: string): Json => JSON.parse(text) as Json;
const MIB = 1024 * 1024;
/** Each definition applies the next one twice: 2^30 ways. */
const fan = (keyword: string, last: Json): Json => ({
  $ref: '#/$defs/0',
  $defs: object(31, (index) => [
    String(index),
    index === 30 ? last : { [keyword]: [{ $ref: `#/$defs/${index + 1}` }, { $ref: `#/$defs/${index + 1}` }] },
  ]),
});

const REFERENCES: readonly HostileCase[] = [
  documentCase(
    '2^30 ways through allOf',
    () => fan('allOf', true),
    () => 1,
    COSTS,
  ),
  documentCase(
    '2^30 ways through anyOf that all fail',
    () => fan('anyOf', false),
    () => 1,
    COSTS,
  ),
  documentCase(
    '2^30 ways through oneOf',
    () => fan('oneOf', true),
    () => 1,
    COSTS,
  ),
  documentCase(
    '2^60 ways through a document of 60 levels',
    () => ({ $ref: '#/$defs/n', $defs: { n: { properties: { a: { allOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] } } } } }),
    () => nest(60, (inner) => ({ a: inner }), 1),
    COSTS,
  ),
  documentCase(
    'a chain of 4,900 references',
    () => ({
      $ref: '#/$defs/0',
      $defs: object(4_900, (index) => [String(index), index === 4_899 ? {} : { $ref: `#/$defs/${index + 1}` }]),
    }),
    () => 1,
    /nested too deep/,
  ),
  documentCase(
    'a list of 63 levels, by reference',
    () => ({ properties: { next: { $ref: '#' } } }),
    () => nest(63, (inner) => ({ next: inner }), {}),
  ),
  documentCase(
    '60 levels of a tree with fan-out',
    () => ({ type: ['array', 'null'], items: { $ref: '#' } }),
    () => nest(16, (inner) => [inner, inner], null),
  ),
  documentCase(
    '2,400 dynamic anchors and as many references',
    () => ({
      allOf: list(1_200, (index) => ({
        $id: `https://example.com/${index}`,
        $dynamicAnchor: 'a',
        properties: { a: { $dynamicRef: '#a' } },
      })),
    }),
    () => ({ a: { a: { a: 1 } } }),
  ),
  documentCase(
    '500 references into a schema nobody indexed',
    () => ({ allOf: list(500, (index) => ({ $ref: `#/x/${index}` })), x: list(500, () => nest(8, (inner) => ({ not: inner }))) }),
    () => 1,
  ),
];

const LOOPS: readonly HostileCase[] = [
  documentCase(
    '5,000 subschemas for 500,000 items',
    () => ({ allOf: list(2_400, () => ({ items: { type: 'number' } })) }),
    () => list(500_000, () => 1),
    COSTS,
  ),
  documentCase(
    '2,000 alternatives for 100,000 keys',
    () => ({ anyOf: list(2_000, (index) => ({ properties: { [`k${index}`]: false }, required: [`m${index}`] })) }),
    () => object(80_000, (index) => [`k${index}`, 1]),
    COSTS,
  ),
  documentCase(
    '500,000 items',
    () => ({ items: { type: 'integer', minimum: 0 } }),
    () => list(500_000, (index) => index % 10),
  ),
  documentCase(
    '500,000 wrong items',
    () => ({ items: { type: 'string' } }),
    () => list(500_000, () => 1),
    /must be a string/,
  ),
  documentCase(
    '50,000 different objects in uniqueItems',
    () => ({ uniqueItems: true }),
    () => list(50_000, (index) => ({ id: index })),
  ),
  documentCase(
    '50,000 equal objects in uniqueItems',
    () => ({ uniqueItems: true }),
    () => list(50_000, () => ({ id: 1 })),
    /equal items/,
  ),
  documentCase(
    '50,000 objects whose keys are in another order',
    () => ({ uniqueItems: true }),
    () => list(50_000, (index) => (index % 2 === 0 ? { a: index >> 1, b: 2 } : { b: 2, a: index >> 1 })),
    /equal items/,
  ),
  documentCase(
    '20,000 arrays alike but for their ends',
    () => ({ uniqueItems: true }),
    () => list(20_000, (index) => [...list(20, () => 1), index]),
  ),
  documentCase(
    '200,000 numbers in uniqueItems',
    () => ({ uniqueItems: true }),
    () => list(140_000, (index) => index),
  ),
  documentCase(
    '2,000 times uniqueItems',
    () => ({ allOf: list(2_000, () => ({ uniqueItems: true })) }),
    () => list(50_000, (index) => ({ id: index })),
    COSTS,
  ),
  documentCase(
    'an enum of 30,000 values',
    () => ({ items: { enum: list(30_000, (index) => `v${index}`) } }),
    () => list(100_000, (index) => `v${index % 30_000}`),
  ),
  documentCase(
    'an enum of 8,000 objects',
    () => ({ items: { enum: list(8_000, (index) => ({ id: index, tag: 'x' })) } }),
    () => list(30_000, (index) => ({ tag: 'x', id: index % 8_000 })),
  ),
  documentCase(
    '4,000 constants compared with a document of 1 MiB',
    () => ({ anyOf: list(4_000, (index) => ({ const: [index] })) }),
    () => list(200_000, () => 1),
    COSTS,
  ),
  documentCase(
    '20,000 required properties',
    () => ({ required: list(20_000, (index) => `p${index}`) }),
    () => ({}),
    /must have the property/,
  ),
  documentCase(
    '4,900 properties for an object of 60,000',
    () => ({ properties: object(4_900, (index) => [`p${index}`, { type: 'number' }]) }),
    () => object(60_000, (index) => [`p${index}`, index]),
  ),
  documentCase(
    '200 patterns for 20,000 keys',
    () => ({ patternProperties: object(200, (index) => [`^x${index}`, true]) }),
    () => object(20_000, (index) => [`key${index}`, 1]),
    COSTS,
  ),
  documentCase(
    'a pattern for 60,000 keys',
    () => ({ propertyNames: { pattern: '^[a-z]+[0-9]+$' } }),
    () => object(60_000, (index) => [`key${index}`, 1]),
  ),
  documentCase(
    'contains among 400,000 items',
    () => ({ contains: { const: 'x' }, maxContains: 1 }),
    () => list(400_000, () => 1),
    /at least 1 item/,
  ),
  documentCase(
    'unevaluated items among 200,000',
    () => ({ allOf: list(20, () => ({ contains: { type: 'string' } })), unevaluatedItems: false }),
    () => list(100_000, () => 'x'),
    COSTS,
  ),
  documentCase(
    'unevaluated properties behind 500 alternatives',
    () => ({ anyOf: list(500, (index) => ({ properties: object(3, (one) => [`p${index}-${one}`, true]) })), unevaluatedProperties: false }),
    () => object(5_000, (index) => [`p${index}`, 1]),
    COSTS,
  ),
  documentCase(
    '11 levels of alternatives that all fail',
    () => nest(10, (inner) => ({ anyOf: [inner, { type: 'string' }, inner] }), false),
    () => 1,
    /must match/,
  ),
  documentCase(
    '2,400 alternatives that all fail',
    () => ({ oneOf: list(2_400, (index) => ({ properties: { kind: { const: index } }, required: ['kind'] })) }),
    () => ({ kind: 'x' }),
    /must be one of/,
  ),
  documentCase(
    '11 levels of conditions with two ways each',
    () => nest(11, (inner) => ({ if: { type: 'number' }, then: inner, else: inner })),
    () => 1,
  ),
];

const NAMES: readonly HostileCase[] = [
  documentCase(
    'a property called __proto__ that is wrong',
    () => parsed('{"properties": {"__proto__": {"type": "string"}}}'),
    () => parsed('{"__proto__": 1}'),
    /must be a string/,
  ),
  documentCase(
    'a property called __proto__ that is not there',
    () => parsed('{"required": ["__proto__"]}'),
    () => ({}),
    /must have the property "__proto__"/,
  ),
  documentCase(
    'a property called __proto__ that nobody knows',
    () => ({ additionalProperties: false }),
    () => parsed('{"__proto__": {"admin": true}}'),
    /not a known property/,
  ),
  documentCase(
    '__proto__ by a pattern',
    () => ({ patternProperties: { '^__': { type: 'string' } } }),
    () => parsed('{"__proto__": 1}'),
    /must be a string/,
  ),
  documentCase(
    'required names that every object has',
    () => ({ required: ['toString', 'constructor', 'hasOwnProperty'] }),
    () => ({}),
    /"toString"/,
  ),
  documentCase(
    'properties that every object has',
    () => ({ properties: { toString: { type: 'string' }, constructor: { type: 'number' } } }),
    () => ({}),
  ),
  documentCase(
    'dependents of what every object has',
    () => ({ dependentRequired: { toString: ['x'] }, dependentSchemas: { constructor: false } }),
    () => ({}),
  ),
  documentCase(
    'objects that differ by __proto__ only',
    () => ({ uniqueItems: true }),
    () => parsed('[{"__proto__": 1}, {"__proto__": 2}, {}]'),
  ),
  documentCase(
    'a constant with __proto__',
    () => parsed('{"const": {"__proto__": 1}}'),
    () => parsed('{"__proto__": 2}'),
    /must be/,
  ),
  documentCase(
    'a definition called __proto__',
    () => parsed('{"$ref": "#/$defs/__proto__", "$defs": {"__proto__": {"type": "string"}}}'),
    () => 1,
    /must be a string/,
  ),
  documentCase(
    'a key of 1 MiB',
    () => ({ additionalProperties: { type: 'string' } }),
    () => ({ ['k'.repeat(MIB - 100)]: 1 }),
    /must be a string/,
  ),
];

const NUMBERS: readonly HostileCase[] = [
  documentCase(
    'the smallest step for the largest number',
    () => ({ multipleOf: 5e-324 }),
    () => 1.7976931348623157e308,
  ),
  documentCase(
    '30,000 numbers for a step that no double is',
    () => ({ items: { multipleOf: 0.123456789 } }),
    () => list(30_000, () => 1e300),
    /multiple|too much work/,
  ),
  {
    name: 'a number beyond all numbers',
    schema: () => ({ type: 'integer' }),
    text: () => '1e400',
    expected: 'document refused',
    because: /integer/,
  },
];

const DEPTHS: readonly HostileCase[] = [
  {
    name: 'a document of 100,000 levels',
    schema: () => true,
    text: () => '['.repeat(100_000) + ']'.repeat(100_000),
    expected: 'document refused',
    because: /levels deep/,
  },
  {
    name: 'a document of 500,000 objects in each other',
    schema: () => true,
    text: () => '{"a":'.repeat(190_000),
    expected: 'document refused',
    because: /levels deep/,
  },
  {
    name: 'a document of 2 MiB',
    schema: () => true,
    text: () => `"${'a'.repeat(2 * MIB)}"`,
    expected: 'document refused',
    because: /bytes/,
  },
];

export const HOSTILE_DOCUMENTS: readonly HostileCase[] = [...REFERENCES, ...LOOPS, ...NAMES, ...NUMBERS, ...DEPTHS];
