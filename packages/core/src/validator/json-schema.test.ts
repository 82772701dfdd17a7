import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { compileJsonSchema, type CompileOptions } from './json-schema.ts';

function compile(schema: Json, options?: CompileOptions) {
  const compiled = compileJsonSchema(schema, options);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.validator;
}

function faults(schema: Json, options?: CompileOptions): string[] {
  const compiled = compileJsonSchema(schema, options);
  return compiled.ok ? [] : compiled.faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('a schema', () => {
  it('is read in the draft that it names, and in 2020-12 without one', () => {
    const tuple = (draft: string): Json => ({ $schema: draft, items: [{ type: 'string' }] });
    expect(compile(tuple('http://json-schema.org/draft-07/schema#')).check([1])).toBe(false);
    expect(compile({ prefixItems: [{ type: 'string' }] }).check([1])).toBe(false);
    expect(faults(tuple('https://json-schema.org/draft/2020-12/schema'))[0]).toContain('/items must be an object or a boolean');
    expect(faults({ $schema: 'https://example.com/mine' })).toEqual(['/$schema names an unknown dialect "https://example.com/mine"']);
  });

  it('is refused with every fault and the place of each', () => {
    expect(faults({ properties: { a: { type: 'strin' }, b: { minLength: -1 } }, required: 'a' })).toEqual([
      expect.stringContaining('/properties/a/type must be one of'),
      '/properties/b/minLength must be at least 0; got -1',
      '/required must be an array; got "a"',
    ]);
    expect(faults({ properties: { a: { $ref: '#/$defs/x' } } })).toEqual(['/properties/a/$ref refers to "#/$defs/x", which is not there']);
  });

  it('may refer to registered schemas and to no others', () => {
    const schemas = new Map<string, Json>([['https://example.com/money', { type: 'object', required: ['amount'] }]]);
    const schema = { properties: { price: { $ref: 'https://example.com/money' } } };
    expect(compile(schema, { schemas }).check({ price: {} })).toBe(false);
    expect(faults(schema)[0]).toContain('not registered; schemas are never fetched');
  });

  it('may be written in a registered dialect that picks vocabularies', () => {
    const dialect = {
      $id: 'https://example.com/loose',
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $vocabulary: {
        'https://json-schema.org/draft/2020-12/vocab/core': true,
        'https://json-schema.org/draft/2020-12/vocab/applicator': true,
      },
    };
    const schemas = new Map<string, Json>([['https://example.com/loose', dialect]]);
    const schema = { $schema: 'https://example.com/loose', minimum: 10, properties: { a: false } };
    expect(compile(schema, { schemas }).check(1)).toBe(true);
    expect(compile(schema, { schemas }).check({ a: 1 })).toBe(false);
    const strange = { ...dialect, $vocabulary: { 'https://example.com/units': true } };
    expect(faults(schema, { schemas: new Map([['https://example.com/loose', strange]]) })[0]).toContain('unknown vocabulary');
  });

  it('asserts formats, or takes them for remarks', () => {
    expect(compile({ format: 'date' }).check('2026-02-30')).toBe(false);
    expect(compile({ format: 'date' }, { formats: 'annotate' }).check('2026-02-30')).toBe(true);
    expect(compile({ format: 'our-own' }).check('anything')).toBe(true);
  });

  it('is copied: what its author does with it later does not matter', () => {
    const schema: { type: string } = { type: 'string' };
    const validator = compile(schema);
    schema.type = 'number';
    expect(validator.check('x')).toBe(true);
    expect(validator.jsonSchema).toEqual({ type: 'string' });
  });

  it('may use one object in many places', () => {
    const text = { $anchor: 'text', type: 'string' };
    expect(faults({ properties: { a: text } })).toEqual([]);
    const plain = { type: 'string' };
    const result = compile({ properties: { a: plain, b: { items: plain } } }).validate({ b: [1] });
    expect(result).toMatchObject({ errors: [{ keywordLocation: '/properties/b/items/type' }] });
  });
});

describe('numbers', () => {
  it('are decimals for multipleOf, however large or small', () => {
    const cents = compile({ multipleOf: 0.01 });
    expect([0.07, 1.1, 19.99, 4.35, 1e20, 0].every((value) => cents.check(value))).toBe(true);
    expect([0.075, 19.999, 1e-9].some((value) => cents.check(value))).toBe(false);
    expect(compile({ multipleOf: 1e-8 }).check(12391239123)).toBe(true);
    expect(compile({ multipleOf: 3 }).check(3e300)).toBe(3e300 % 3 === 0);
  });

  it('outside of the safe integers are integers still', () => {
    expect(compile({ type: 'integer' }).check(1e300)).toBe(true);
    expect(compile({ type: 'integer' }).check(1.5)).toBe(false);
    expect(compile({ enum: [0] }).check(-0)).toBe(true);
  });
});

describe('names that every object has', () => {
  const parsed = (text: string): Json => JSON.parse(text) as Json;

  it('are ordinary in documents', () => {
    const closed = compile({ additionalProperties: false, properties: { a: true } });
    expect(closed.check(parsed('{"__proto__": 1}'))).toBe(false);
    expect(compile({ required: ['toString'] }).check({})).toBe(false);
    expect(compile({ maxProperties: 0 }).check(parsed('{"__proto__": 1}'))).toBe(false);
  });

  it('are ordinary in schemas', () => {
    expect(compile(parsed('{"properties": {"__proto__": {"type": "string"}}}')).check(parsed('{"__proto__": 1}'))).toBe(false);
    expect(compile({ properties: { constructor: { type: 'string' } } }).check({})).toBe(true);
  });

  it('come back as they were sent', () => {
    const value = parsed('{"__proto__": {"a": 1}, "constructor": 2}');
    expect(compile({ type: 'object' }).validate(value)).toEqual({ ok: true, value });
  });
});

describe('a compiled schema is a Standard Schema', () => {
  const standard = compile({ type: 'object', properties: { n: { type: 'number', default: 1 } } })['~standard'];

  it('that validates, with defaults and paths', () => {
    expect(standard.vendor).toBe('errand');
    expect(standard.validate({})).toEqual({ value: { n: 1 } });
    expect(standard.validate({ n: 'x' })).toEqual({ issues: [{ message: 'must be a number; got "x"', path: ['n'] }] });
    expect(standard.validate(undefined)).toEqual({ issues: [{ message: 'must be a JSON value' }] });
  });

  it('that publishes itself in its own draft only', () => {
    expect(standard.jsonSchema.input({ target: 'draft-2020-12' })).toMatchObject({ type: 'object' });
    expect(() => standard.jsonSchema.input({ target: 'draft-07' })).toThrow('draft-2020-12');
    expect(compile(false)['~standard'].jsonSchema.output({ target: 'draft-2020-12' })).toEqual({ not: {} });
  });
});

describe('a validation that costs too much', () => {
  it('is refused, in every way of asking', () => {
    const defs = Object.fromEntries(
      Array.from({ length: 31 }, (_, index) => [
        index,
        index === 30 ? {} : { allOf: [{ $ref: `#/$defs/${index + 1}` }, { $ref: `#/$defs/${index + 1}` }] },
      ]),
    );
    const bomb = compile({ $ref: '#/$defs/0', $defs: defs });
    expect(bomb.validate(1)).toEqual({ ok: false, errors: [{ pointer: '', detail: 'takes too much work to validate' }] });
    expect(bomb.check(1)).toBe(false);
    expect(bomb.output(1, 'basic')).toMatchObject({ valid: false, error: 'takes too much work to validate' });
  });
});
