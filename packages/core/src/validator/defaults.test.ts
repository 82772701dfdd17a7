import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { compileJsonSchema } from './json-schema.ts';

function filled(schema: Json, value: Json): Json {
  const compiled = compileJsonSchema(schema);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const result = compiled.validator.validate(value);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function faults(schema: Json): string[] {
  const compiled = compileJsonSchema(schema);
  return compiled.ok ? [] : compiled.faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('a default', () => {
  it('is filled in where its property is missing, also a required one', () => {
    expect(filled({ properties: { a: { default: 1 }, b: { default: null } }, required: ['a'] }, { b: 2 })).toEqual({ b: 2, a: 1 });
  });

  it('is found in nested objects, in items, through references and in every part of allOf', () => {
    const schema = {
      allOf: [{ properties: { a: { default: 'a' } } }],
      properties: { list: { items: { $ref: '#/$defs/item' } }, nested: { properties: { b: { default: 'b' } } } },
      $defs: { item: { properties: { unit: { $ref: '#/$defs/unit' } } }, unit: { enum: ['kg', 'g'], default: 'kg' } },
    };
    expect(filled(schema, { list: [{}, { unit: 'g' }, 1], nested: {} })).toEqual({
      list: [{ unit: 'kg' }, { unit: 'g' }, 1],
      nested: { b: 'b' },
      a: 'a',
    });
  });

  it('is filled in itself', () => {
    const schema = { properties: { address: { default: {}, properties: { country: { default: 'DE' } } } } };
    expect(filled(schema, {})).toEqual({ address: { country: 'DE' } });
  });

  it('of the branch that a condition takes is filled in, and of alternatives none is', () => {
    const branch = (name: string): Json => ({ properties: { [name]: { default: 1 } } });
    const conditional = { if: { properties: { kind: { const: 'a' } } }, then: branch('x'), else: branch('y') };
    expect(filled(conditional, { kind: 'a' })).toEqual({ kind: 'a', x: 1 });
    expect(filled(conditional, { kind: 'b' })).toEqual({ kind: 'b', y: 1 });
    expect(filled({ anyOf: [branch('x')], oneOf: [branch('y')] }, {})).toEqual({});
  });

  it('beside a reference counts where the draft lets it', () => {
    const schema = { properties: { a: { $ref: '#/definitions/a', properties: { b: { default: 1 } } } }, definitions: { a: true } };
    expect(filled(schema, { a: {} })).toEqual({ a: { b: 1 } });
    expect(filled({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' }, { a: {} })).toEqual({ a: {} });
  });

  it('leaves what was sent as it is: the same value where nothing is missing, and the same parts where something is', () => {
    const schema = { properties: { a: { default: 1 }, b: { properties: { c: { default: 2 } } } } };
    const whole: Json = { a: 0, b: { c: 0, extra: [1] } };
    expect(filled(schema, whole)).toBe(whole);
    const untouched: Json = { c: 0 };
    const value: Json = { b: untouched };
    expect(filled(schema, value)).toEqual({ a: 1, b: { c: 0 } });
    expect((filled(schema, value) as { b: Json }).b).toBe(untouched);
    expect(value).toEqual({ b: { c: 0 } });
  });

  it('keeps __proto__ an ordinary key', () => {
    const schema = JSON.parse('{"properties": {"__proto__": {"default": {"x": 1}}, "a": {"default": 1}}}') as Json;
    expect(JSON.stringify(filled(schema, {}))).toBe('{"__proto__":{"x":1},"a":1}');
    expect(JSON.stringify(filled(schema, JSON.parse('{"__proto__": 5}') as Json))).toBe('{"__proto__":5,"a":1}');
  });

  it('is refused with its schema when it breaks it, or has no end', () => {
    expect(faults({ properties: { a: { type: 'string', default: 5 } } })).toEqual([
      '/properties/a has a default that its own schema refuses',
    ]);
    expect(faults({ properties: { a: { $ref: '#', default: {} } } })[0]).toContain('has no end');
  });

  it('is not filled in when defaults are to be ignored', () => {
    const compiled = compileJsonSchema({ properties: { a: { type: 'string', default: 5 } } }, { defaults: 'ignore' });
    expect(compiled.ok && compiled.validator.validate({})).toEqual({ ok: true, value: {} });
  });
});
