import { describe, expect, it } from 'vitest';
import type { Json } from '../../json.ts';
import { compileJsonSchema } from '../json-schema.ts';

const stay: Json = {
  type: 'object',
  required: ['from', 'to'],
  properties: { from: { type: 'integer' }, to: { type: 'integer' }, guests: { type: 'array' } },
  'x-rules': [{ rule: 'self.to > self.from', message: 'must end after it begins', pointer: '/to' }],
};

function errors(schema: Json, value: Json) {
  const compiled = compileJsonSchema(schema);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const result = compiled.validator.validate(value);
  return result.ok ? [] : result.errors;
}

describe('a rule across fields', () => {
  it('shows its own message at the place it names', () => {
    expect(errors(stay, { from: 1, to: 2 })).toEqual([]);
    expect(errors(stay, { from: 2, to: 1 })).toMatchObject([{ pointer: '/to', detail: 'must end after it begins', keyword: 'x-rules' }]);
  });

  it('is asked only of a value that is valid otherwise', () => {
    expect(errors(stay, { from: 2 })).toMatchObject([{ keyword: 'required' }]);
  });

  it('holds at any place of a schema, of the value there', () => {
    expect(
      errors(
        { properties: { stays: { items: stay } } },
        {
          stays: [
            { from: 1, to: 2 },
            { from: 3, to: 3 },
          ],
        },
      ),
    ).toMatchObject([{ pointer: '/stays/1/to' }]);
  });

  it('that cannot be evaluated does not hold, and says why', () => {
    const schema = { 'x-rules': [{ rule: 'self.a > self.b', message: 'must be larger' }] };
    expect(errors(schema, { a: 1 })).toMatchObject([
      { detail: expect.stringMatching(/^must be larger \(the rule cannot be evaluated: .*b/) },
    ]);
  });

  it('that is no expression, or no rule, is refused with its schema', () => {
    const faults = (rules: Json): unknown => {
      const compiled = compileJsonSchema({ 'x-rules': rules });
      return compiled.ok ? [] : compiled.faults.map(({ pointer }) => pointer);
    };
    expect(faults([{ rule: 'self.a >', message: 'm' }])).toEqual(['/x-rules/0/rule']);
    expect(faults([{ rule: 'other.a', message: 'm' }])).toEqual(['/x-rules/0/rule']);
    expect(faults([{ rule: 'true' }])).toEqual(['/x-rules/0']);
    expect(faults({})).toEqual(['/x-rules']);
  });
});
