import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../json.ts';
import { compareSchemas } from './compatibility.ts';

const text = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };

function object(properties: JsonObject, required: string[] = [], more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, required, ...more };
}
const closed = { additionalProperties: false };
const tagged = (kind: string, properties: JsonObject = {}): JsonObject => object({ kind: { const: kind }, ...properties }, ['kind']);

function compare(previous: Json, next: Json) {
  const compared = compareSchemas(previous, next);
  if (!compared.ok) throw new Error(JSON.stringify(compared.faults));
  return compared;
}

describe('a new version is', () => {
  it.each<[string, Json, Json, string]>([
    ['its title changes', { ...object({ a: text }), title: 'x' }, { ...object({ a: text }), title: 'y' }, 'full'],
    [
      'a definition is renamed',
      { $ref: '#/$defs/a', $defs: { a: object({ n: { $ref: '#/$defs/a' } }) } },
      { $ref: '#/$defs/b', $defs: { b: object({ n: { $ref: '#/$defs/b' } }) } },
      'full',
    ],
    [
      'it is split by allOf',
      object({ a: text, b: number }, ['a', 'b']),
      { allOf: [object({ a: text }, ['a']), object({ b: number }, ['b'])] },
      'full',
    ],
    [
      'it is written in another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { a: text }, properties: { x: { $ref: '#/definitions/a' } } },
      { $defs: { a: text }, properties: { x: { $ref: '#/$defs/a' } } },
      'full',
    ],
    ['types become alternatives', { type: ['string', 'null'] }, { anyOf: [text, { type: 'null' }] }, 'full'],
    ['an integer limit is written otherwise', { ...integer, minimum: 1 }, { ...integer, exclusiveMinimum: 0 }, 'full'],
    ['an optional property is added', object({ a: text }), object({ a: text, b: number }), 'full'],
    [
      'an optional property is added to a closed object',
      object({ a: text }, [], closed),
      object({ a: text, b: text }, [], closed),
      'backward',
    ],
    [
      'a required property with a default is added',
      object({ a: text }, [], closed),
      object({ a: text, b: { ...text, default: '' } }, ['b'], closed),
      'backward',
    ],
    ['a type widens', object({ a: integer }), object({ a: number }), 'backward'],
    ['null is admitted', text, { type: ['string', 'null'] }, 'backward'],
    ['an enum grows', { enum: ['a', 'b'] }, { enum: ['b', 'a', 'c'] }, 'backward'],
    ['a limit is loosened', { ...number, minimum: 1 }, { ...number, minimum: 0 }, 'backward'],
    ['a step is loosened', { ...number, multipleOf: 4 }, { ...number, multipleOf: 2 }, 'backward'],
    ['an alternative is added', { oneOf: [tagged('a'), tagged('b')] }, { oneOf: [tagged('a'), tagged('b'), tagged('c')] }, 'backward'],
    [
      'values of a map widen',
      object({}, [], { additionalProperties: integer }),
      object({}, [], { additionalProperties: number }),
      'backward',
    ],
    [
      'a tuple grows',
      { type: 'array', prefixItems: [text], items: false },
      { type: 'array', prefixItems: [text, number], items: false },
      'backward',
    ],
    ['a required property is added', object({ a: text }), object({ a: text, b: text }, ['b']), 'forward'],
    ['a property becomes required', object({ a: text }), object({ a: text }, ['a']), 'forward'],
    ['an object is closed', object({ a: text }), object({ a: text }, [], closed), 'forward'],
    ['a property is taken from a closed object', object({ a: text, b: text }, [], closed), object({ a: text }, [], closed), 'forward'],
    ['an enum shrinks', { enum: ['a', 'b'] }, { enum: ['a'] }, 'forward'],
    ['items narrow', { type: 'array', items: number }, { type: 'array', items: integer }, 'forward'],
    ['a format is asked for', text, { ...text, format: 'email' }, 'forward'],
    ['an exception grows', { ...text, not: { const: 'x' } }, { ...text, not: { enum: ['x', 'y'] } }, 'forward'],
    ['a rule is added', object({ a: number }), { ...object({ a: number }), 'x-rules': [{ rule: 'self.a > 1', message: 'm' }] }, 'forward'],
    ['a type changes', object({ a: text }), object({ a: number }), 'none'],
    ['a pattern changes', { ...text, pattern: '^a' }, { ...text, pattern: '^b' }, 'none'],
  ])('as compatible as it should be when %s', (_name, previous, next, level) => {
    expect(compare(previous, next)).toMatchObject({ level });
  });

  it('incompatible for reasons with pointers, into the schema that refuses', () => {
    const { reasons } = compare(object({ a: object({ b: text }) }), object({ a: object({ b: number }, ['b']) }));
    expect(reasons).toContainEqual({ breaks: 'backward', pointer: '/properties/a/properties/b/type', detail: 'does not admit a string' });
    expect(reasons).toContainEqual({ breaks: 'forward', pointer: '/properties/a/properties/b/type', detail: 'does not admit a number' });
    expect(reasons).toContainEqual({
      breaks: 'backward',
      pointer: '/properties/a/required',
      detail: 'requires the property "b", which was not required',
    });
  });

  it('trusted not to meet properties that had no name, with a note; or not trusted', () => {
    const [previous, next] = [object({ a: text }), object({ a: text, b: number })];
    expect(compare(previous, next)).toMatchObject({ level: 'full', notes: [{ breaks: 'backward', pointer: '/properties/b' }] });
    expect(compareSchemas(previous, next, { unnamed: 'anything' })).toMatchObject({ level: 'forward' });
  });

  it('refused where one of the two is no schema', () => {
    expect(compareSchemas({ type: 'strin' }, true)).toMatchObject({ ok: false, faults: [{ pointer: '/type' }] });
  });

  it.each<[string, (last: Json) => Json]>([
    [
      'a fan of references',
      (last) => ({
        $ref: '#/$defs/0',
        $defs: defs(31, (i) =>
          i === 30
            ? last
            : {
                anyOf: [
                  { $ref: `#/$defs/${i + 1}`, minLength: i },
                  { $ref: `#/$defs/${i + 1}`, maxLength: i },
                ],
              },
        ),
      }),
    ],
    [
      'a thousand alternatives',
      (last) => ({ anyOf: Array.from({ length: 1_000 }, (_, i) => ({ ...(last as JsonObject), minLength: i })) }),
    ],
    ['two hundred kinds', (last) => ({ oneOf: Array.from({ length: 200 }, (_, i) => object({ kind: { const: i }, a: last }, ['kind'])) })],
    [
      'a long chain of parts',
      (last) => ({
        $ref: '#/$defs/0',
        $defs: defs(900, (i) => (i === 899 ? last : { allOf: [{ $ref: `#/$defs/${i + 1}` }], properties: { [`p${i}`]: last } })),
      }),
    ],
    [
      'patterns and names',
      (last) => ({
        patternProperties: Object.fromEntries(Array.from({ length: 190 }, (_, i) => [`^${JSON.stringify(last).length}${i}.*y`, last])),
        properties: defs(500, () => last),
      }),
    ],
  ])('compared in bounded time: %s', (_name, make) => {
    const started = process.cpuUsage();
    compare(make(text), make(number));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(500);
  });
});

function defs(count: number, make: (index: number) => Json): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), make(index)]));
}
