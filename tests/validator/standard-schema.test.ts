import type { Json } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { standardSchemaValidator } from '@errand/core/validator/standard-schema';
import type { Validation } from '@errand/core/validator/validator';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const schemas = {
  zod: z.object({ name: z.string().min(1), count: z.number().default(1) }),
  valibot: v.object({ name: v.pipe(v.string(), v.minLength(1)), count: v.optional(v.number(), 1) }),
  arktype: type({ name: 'string >= 1', count: 'number = 1' }),
};

const validate = (schema: Parameters<typeof standardSchemaValidator>[0], value: Json): Validation | Promise<Validation> =>
  standardSchemaValidator(schema).validate(value);

describe.each(Object.entries(schemas))('a schema of %s', (_library, schema) => {
  it('fills in its defaults and leaves the rest as it was sent, unknown keys and __proto__ too', () => {
    const sent = JSON.parse('{"name": "a", "more": [1], "__proto__": {"x": 1}}') as Json;
    const result = validate(schema, sent) as Validation;
    expect(result).toMatchObject({ ok: true });
    expect(JSON.stringify(result.ok && result.value)).toBe('{"name":"a","more":[1],"__proto__":{"x":1},"count":1}');
  });

  it('gives the value itself back where nothing was missing', () => {
    const sent: Json = { name: 'a', count: 2 };
    const result = validate(schema, sent) as Validation;
    expect(result.ok && result.value).toBe(sent);
  });

  it('says what is wrong with pointers', () => {
    expect(validate(schema, { name: 1, count: 'x' })).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/name' }), expect.objectContaining({ pointer: '/count' })]),
    });
  });
});

it.each(Object.entries(schemas))(
  'a schema of %s says of what is missing that it is required, whatever its library calls it',
  (_library, schema) => {
    expect(validate(schema, {})).toEqual({ ok: false, errors: [{ pointer: '/name', detail: 'is required', keyword: 'required' }] });
  },
);

describe('a schema in code', () => {
  it('has reasons without a preamble', () => {
    expect(validate(schemas.zod, { name: 1 })).toEqual({
      ok: false,
      errors: [{ pointer: '/name', detail: 'expected string, received number' }],
    });
  });

  it('is published as JSON Schema where its library can write it, which our own engine takes', () => {
    const { jsonSchema } = standardSchemaValidator(schemas.zod);
    expect(jsonSchema).toMatchObject({ type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] });
    const compiled = compileJsonSchema(jsonSchema);
    expect(compiled.ok && compiled.validator.validate({ name: 'a' })).toEqual({ ok: true, value: { name: 'a', count: 1 } });
    expect(standardSchemaValidator(schemas.arktype).jsonSchema).toMatchObject({ type: 'object' });
  });

  it('is published as anything where its library cannot', () => {
    expect(standardSchemaValidator(schemas.valibot).jsonSchema).toBe(true);
    expect(standardSchemaValidator(z.object({ at: z.date() })).jsonSchema).toBe(true);
  });

  it('may transform and coerce, and the task keeps what was sent', () => {
    const schema = z.object({
      at: z.string().transform((text) => new Date(text)),
      n: z.coerce.number(),
      tags: z.array(z.object({ w: z.number().default(0) })),
    });
    const result = validate(schema, { at: '2026-01-01', n: '5', tags: [{}, { w: 1 }] }) as Validation;
    expect(result).toEqual({ ok: true, value: { at: '2026-01-01', n: '5', tags: [{ w: 0 }, { w: 1 }] } });
  });

  it('may answer later', async () => {
    const schema = z.string().refine(async (text) => text === 'yes');
    await expect(validate(schema, 'yes')).resolves.toEqual({ ok: true, value: 'yes' });
    await expect(validate(schema, 'no')).resolves.toMatchObject({ ok: false, errors: [{ pointer: '' }] });
  });

  it('is not asked of a value that is too deep for it', () => {
    let deep: Json = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(validate(z.any(), deep)).toMatchObject({ ok: false, errors: [{ detail: expect.stringContaining('levels deep') }] });
  });

  it('may be one of our own', () => {
    const compiled = compileJsonSchema({ properties: { a: { default: 1 } } });
    if (!compiled.ok) throw new Error('it compiles');
    expect(standardSchemaValidator(compiled.validator).validate({})).toEqual({ ok: true, value: { a: 1 } });
  });
});
