import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { compileJsonSchema } from './json-schema.ts';

/** Errors as people see them: the place, and what is wrong there. */
function errors(schema: Json, value: Json): string[] {
  const compiled = compileJsonSchema(schema);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const result = compiled.validator.validate(value);
  return result.ok ? [] : result.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

const payment: Json = {
  oneOf: [
    {
      title: 'Card',
      required: ['method', 'last4'],
      properties: { method: { const: 'card' }, last4: { type: 'string', pattern: '^[0-9]{4}$' } },
    },
    {
      title: 'Transfer',
      required: ['method', 'iban'],
      properties: { method: { const: 'transfer' }, iban: { type: 'string', minLength: 15 } },
    },
    { title: 'Cash', required: ['method'], properties: { method: { const: 'cash' } } },
  ],
};

describe('an error', () => {
  it.each<[string, Json, Json, string]>([
    ['of type', { type: 'string' }, 5, ' must be a string; got 5'],
    ['of types', { type: ['array', 'null'] }, 'x', ' must be an array or null; got "x"'],
    ['of enum', { enum: ['EUR', 'USD'] }, 'eur', ' must be one of "EUR", "USD"; got "eur"'],
    ['of const', { const: { a: 1 } }, { a: 2 }, ' must be {"a":1}; got an object with 1 property'],
    ['of minimum', { minimum: 1 }, 0, ' must be at least 1; got 0'],
    ['of exclusiveMaximum', { exclusiveMaximum: 1 }, 1, ' must be less than 1; got 1'],
    ['of multipleOf', { multipleOf: 0.01 }, 0.005, ' must be a multiple of 0.01; got 0.005'],
    ['of minLength', { minLength: 3 }, '😀😀', ' must have at least 3 characters; got 2 in "😀😀"'],
    ['of pattern', { pattern: '^[0-9]+$' }, 'x', ' must match the pattern ^[0-9]+$; got "x"'],
    ['of format', { format: 'email' }, 'x', ' must be a valid email; got "x"'],
    ['of required', { required: ['a'] }, {}, ' must have the property "a"'],
    ['of additionalProperties', { additionalProperties: false }, { a: 1 }, '/a is not a known property'],
    ['of unevaluatedProperties', { unevaluatedProperties: false }, { a: 1 }, '/a is not a known property'],
    ['of propertyNames', { propertyNames: { maxLength: 1 } }, { ab: 1 }, '/ab must have at most 1 character; got 2 in "ab"'],
    ['of dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, ' must have the property "b", because it has "a"'],
    ['of minProperties', { minProperties: 2 }, { a: 1 }, ' must have at least 2 properties; got 1'],
    ['of maxItems', { maxItems: 1 }, [1, 2], ' must have at most 1 item; got 2'],
    ['of items after a prefix', { prefixItems: [true], items: false }, [1, 2], ' must have at most 1 item; got 2'],
    ['of uniqueItems', { uniqueItems: true }, [{ a: 1 }, 2, { a: 1 }], ' must not have equal items, as 0 and 2 are'],
    ['of contains', { contains: { const: 1 } }, [2], ' must have at least 1 item that the schema of "contains" describes; got 0'],
    ['of not', { not: { type: 'null' } }, null, ' must not match {"type":"null"}'],
    ['of a schema false', { properties: { a: false } }, { a: 1 }, '/a is not allowed'],
  ])('%s says what is expected and what came', (_name, schema, value, expected) => {
    expect(errors(schema, value)).toEqual([expected]);
  });

  it('names every place that is wrong, and no place above it', () => {
    const schema = { properties: { list: { items: { properties: { n: { type: 'number' } } } } } };
    expect(errors(schema, { list: [{ n: 1 }, { n: 'x' }, { n: null }] })).toEqual([
      '/list/1/n must be a number; got "x"',
      '/list/2/n must be a number; got null',
    ]);
  });

  it('escapes names in pointers, and knows its keyword through references', () => {
    const compiled = compileJsonSchema({
      properties: { 'a/b~': { $ref: '#/$defs/text' } },
      $defs: { text: { allOf: [{ maxLength: 1 }] } },
    });
    expect(compiled.ok && compiled.validator.validate({ 'a/b~': 'xy' })).toMatchObject({
      errors: [
        { pointer: '/a~1b~0', keyword: 'maxLength', keywordLocation: '/properties/a~1b~0/$ref/allOf/0/maxLength', params: { limit: 1 } },
      ],
    });
  });

  it('comes a hundred times at most', () => {
    expect(
      errors(
        { items: { type: 'string' } },
        Array.from({ length: 1_000 }, () => 1),
      ),
    ).toHaveLength(100);
  });

  it('shows no more of a long value than its beginning', () => {
    expect(errors({ type: 'number' }, 'x'.repeat(1_000))[0]?.length).toBeLessThan(120);
  });

  it('of a wrong type hides what follows from it', () => {
    expect(errors({ type: 'string', enum: ['a'] }, 1)).toEqual([' must be a string; got 1']);
  });
});

describe('of several alternatives', () => {
  it('the one that was meant is explained, by name', () => {
    expect(errors(payment, { method: 'transfer' })).toEqual([
      ' must have the property "iban" (alternative 2, "Transfer", of 3 came closest)',
    ]);
    expect(errors(payment, { method: 'card', last4: 1234 })).toEqual([
      '/last4 must be a string; got 1234 (alternative 1, "Card", of 3 came closest)',
    ]);
  });

  it('all are named together where a property tells them apart and says none of them', () => {
    expect(errors(payment, { method: 'crypto' })).toEqual(['/method must be one of "card", "transfer", "cash"; got "crypto"']);
  });

  it('the types are named together where none fits', () => {
    expect(errors({ anyOf: [{ type: 'string' }, { type: 'null' }] }, 5)).toEqual([' must be a string or null; got 5']);
  });

  it('each is said in one sentence where each asks for one thing', () => {
    expect(errors({ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, {})).toEqual([
      ' must have the property "a", or must have the property "b"',
    ]);
  });

  it('the numbers are given of those that match where only one may', () => {
    expect(errors({ oneOf: [{ type: 'number' }, { type: 'string' }, { minimum: 1 }] }, 2)).toEqual([
      ' must match exactly one of 3 alternatives; got a match of numbers 1 and 3',
    ]);
  });
});
