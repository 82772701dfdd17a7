/** Schemas that mean harm by themselves: they are refused when they are registered, each with its reason. */
import type { Json } from '@errand/core/json';
import { type HostileCase, list, nest, object, schemaCase } from './hostile-case.ts';

const draft = (year: '2019-09' | '2020-12'): string => `https://json-schema.org/draft/${year}/schema`;

export const HOSTILE_SCHEMAS: readonly HostileCase[] = [
  schemaCase('a reference to itself', () => ({ $ref: '#' }), /refers to itself/),
  schemaCase(
    'two references to each other',
    () => ({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }),
    /refers to itself/,
  ),
  schemaCase('a circle through allOf', () => ({ allOf: [true, { $ref: '#' }] }), /refers to itself/),
  schemaCase('a circle through anyOf and not', () => ({ anyOf: [{ not: { $ref: '#' } }] }), /refers to itself/),
  schemaCase('a circle through if', () => ({ if: { $ref: '#' }, else: false }), /refers to itself/),
  schemaCase('a circle through dependentSchemas', () => ({ dependentSchemas: { a: { $ref: '#' } } }), /refers to itself/),
  schemaCase('a circle by $dynamicRef', () => ({ $dynamicAnchor: 'a', $dynamicRef: '#a' }), /refers to itself/),
  schemaCase(
    'a circle by $recursiveRef',
    () => ({ $schema: draft('2019-09'), $recursiveAnchor: true, $recursiveRef: '#' }),
    /refers to itself/,
  ),
  schemaCase(
    'a circle of 4,000 references',
    () => ({ $ref: '#/$defs/0', $defs: object(4_000, (index) => [String(index), { $ref: `#/$defs/${(index + 1) % 4_000}` }]) }),
    /refers to itself/,
  ),
  schemaCase('65 levels', () => nest(65, (inner) => ({ not: inner })), /levels deep/),
  schemaCase('200,000 levels', () => nest(200_000, (inner) => ({ not: inner })), /levels deep/),
  schemaCase('300 KiB', () => ({ $comment: 'x'.repeat(300 * 1024) }), /bytes/),
  schemaCase('300 KiB that are 100 Ki characters', () => ({ $comment: '€'.repeat(100 * 1024) }), /bytes/),
  schemaCase('5,001 subschemas', () => ({ anyOf: list(5_001, () => ({})) }), /5000 subschemas/),
  schemaCase('201 patterns', () => ({ patternProperties: object(201, (index) => [`^${index}$`, true]) }), /200 patterns/),
  schemaCase('a pattern of 513 characters', () => ({ pattern: 'a'.repeat(513) }), /513 characters/),
  schemaCase('a pattern that refers back', () => ({ pattern: '^(a*)\\1$' }), /refers back/),
  schemaCase('a pattern that looks ahead', () => ({ pattern: '^(?=a+)+$' }), /looks around/),
  schemaCase('a pattern that looks behind', () => ({ pattern: '(?<!a)b' }), /looks around/),
  schemaCase('a pattern with repetitions of repetitions', () => ({ pattern: '((a{1,100}){1,100}){1,100}' }), /too large/),
  schemaCase('a pattern that repeats 100,000 times', () => ({ pattern: 'a{100000}' }), /more than 1000 times/),
  schemaCase('a pattern of 250 open groups', () => ({ pattern: '('.repeat(250) }), /without "\)"/),
  schemaCase('200 large patterns', () => ({ anyOf: list(200, (index) => ({ pattern: `\\p{L}{1,90}${index}` })) }), /together/),
  schemaCase('a name that is no pattern', () => ({ patternProperties: { '[': true } }), /without "\]"/),
  schemaCase('a schema of another host', () => ({ $ref: 'https://example.com/schema.json' }), /never fetched/),
  schemaCase('a file', () => ({ $ref: 'file:///etc/passwd' }), /never fetched/),
  schemaCase('a reference that is no URI', () => ({ $ref: 'http://[' }), /URI/),
  schemaCase('a reference with a broken escape', () => ({ $ref: '#/%zz' }), /URI/),
  schemaCase('a reference to what every object has', () => ({ $ref: '#/constructor' }), /not there/),
  schemaCase('a reference to a prototype', () => ({ $ref: '#/__proto__' }), /not there/),
  schemaCase('a reference to the length of an array', () => ({ $ref: '#/allOf/length', allOf: [true] }), /not a schema/),
  schemaCase('an unknown dialect', () => ({ $schema: 'https://example.com/my-dialect' }), /unknown dialect/),
  schemaCase(
    'an unknown dialect inside',
    () => ({ $defs: { a: { $id: 'https://example.com/a', $schema: 'https://example.com/x' } } }),
    /unknown dialect/,
  ),
  schemaCase('two schemas under one anchor', () => ({ $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } }), /another schema has/),
  schemaCase(
    'two schemas under one $id',
    () => ({ $defs: { a: { $id: 'https://example.com/a' }, b: { $id: 'https://example.com/a' } } }),
    /another schema has/,
  ),
  schemaCase(
    'keywords of every wrong type',
    () => ({ type: 5, properties: [], required: 'a', items: 'x', enum: {}, minLength: '1', pattern: 1, allOf: {} }),
    /must be/,
  ),
  schemaCase('a prototype in place of a schema', () => JSON.parse('{"properties": {"__proto__": 5}}') as Json, /must be/),
  schemaCase('a number below nothing', () => ({ multipleOf: -1e-320, minItems: -0.5 }), /must be/),
  schemaCase(
    'a schema that is wrong behind an unknown keyword',
    () => ({ $ref: '#/x-mine', 'x-mine': { type: 'strin' } }),
    /must be one of/,
  ),
];
