import { describe, expect, it } from 'vitest';
import { compileJsonSchema } from './json-schema.ts';

/** The example of the specification (2020-12, section 12.4): a polygon with a point that lacks `y` and one point too few. */
const polygon = {
  $id: 'https://example.com/polygon',
  $defs: {
    point: {
      type: 'object',
      properties: { x: { type: 'number' }, y: { type: 'number' } },
      additionalProperties: false,
      required: ['x', 'y'],
    },
  },
  type: 'array',
  items: { $ref: '#/$defs/point' },
  minItems: 3,
};
const value = [
  { x: 2.5, y: 1.3 },
  { x: 1, z: 6.7 },
];

function output(format: 'flag' | 'basic' | 'detailed', given: typeof value) {
  const compiled = compileJsonSchema(polygon);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.validator.output(given, format);
}

describe('the output format', () => {
  it('flag says yes or no', () => {
    expect(output('flag', value)).toEqual({ valid: false });
  });

  it('basic is a flat list, each with both locations of its keyword', () => {
    const { errors = [] } = output('basic', value);
    expect(errors).toHaveLength(3);
    expect(errors).toContainEqual({
      valid: false,
      keywordLocation: '/items/$ref/required',
      absoluteKeywordLocation: 'https://example.com/polygon#/$defs/point/required',
      instanceLocation: '/1',
      error: 'must have the property "y"',
    });
    expect(errors).toContainEqual({
      valid: false,
      keywordLocation: '/items/$ref/additionalProperties',
      absoluteKeywordLocation: 'https://example.com/polygon#/$defs/point/additionalProperties',
      instanceLocation: '/1/z',
      error: 'is not a known property',
    });
    expect(errors).toContainEqual({
      valid: false,
      keywordLocation: '/minItems',
      absoluteKeywordLocation: 'https://example.com/polygon#/minItems',
      instanceLocation: '',
      error: 'must have at least 3 items; got 2',
    });
  });

  it('detailed is a tree: what is wrong with one place stands below it', () => {
    const { errors = [] } = output('detailed', value);
    expect(errors.map(({ keywordLocation, errors: below }) => [keywordLocation, below?.length])).toEqual([
      ['/minItems', undefined],
      ['/items/$ref', 2],
    ]);
  });

  it('of a valid value is that it is', () => {
    const valid = [1, 2, 3].map((x) => ({ x, y: 1 }));
    for (const format of ['flag', 'basic', 'detailed'] as const) expect(output(format, valid)).toEqual({ valid: true });
  });
});
