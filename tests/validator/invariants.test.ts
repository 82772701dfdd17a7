import type { Json, JsonObject } from '@errand/core/json';
import { isJsonObject } from '@errand/core/json';
import { compareSchemas } from '@errand/core/validator/compatibility';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { compilePattern } from '@errand/core/validator/pattern/pattern';
import { array, assert, constantFrom, property, string, stringMatching, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomDocument, randomValue } from './random-schema.ts';

const IS_FULL = process.env['ERRAND_TEST_FULL'] !== undefined;
/** The same cases each time, but where there is time to find new ones. */
const RUNS = IS_FULL ? 10_000 : 400;
const SEED = IS_FULL ? {} : { seed: 2020_12 };
const cases = tuple(randomDocument, array(randomValue, { minLength: 2, maxLength: 6 }));

function compile(schema: Json) {
  const compiled = compileJsonSchema(schema, { defaults: 'ignore' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.validator;
}

/** What a JSON Pointer leads to; `undefined` where it leads nowhere. */
function at(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value = value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? (value as Record<string, Json>)[name] : undefined;
  }
  return value;
}

/** Two versions of a schema: one with more or other keywords, as versions are, or two that have nothing to do with each other. */
const versions = tuple(randomDocument, randomDocument, constantFrom('changed', 'changed back', 'other')).map(
  ([one, two, how]): [Json, Json] => {
    const changed = { ...(one as JsonObject), ...(two as JsonObject) };
    return how === 'changed' ? [one, changed] : how === 'changed back' ? [changed, one] : [one, two];
  },
);

describe('for random schemas and documents', () => {
  it('every way of asking gives the same answer, and a refusal always has a reason', { timeout: 120_000 }, () => {
    assert(
      property(cases, ([schema, values]) => {
        const validator = compile(schema);
        for (const value of values) {
          const result = validator.validate(value);
          expect(validator.check(value)).toBe(result.ok);
          for (const format of ['flag', 'basic', 'detailed'] as const) expect(validator.output(value, format).valid).toBe(result.ok);
          expect(result.ok ? result.value : value).toBe(value);
          expect(result.ok || result.errors.length > 0).toBe(true);
        }
      }),
      { numRuns: RUNS, ...SEED },
    );
  });

  it('every pointer of an error leads to a place in the value, and every location through the schema', { timeout: 120_000 }, () => {
    assert(
      property(cases, ([schema, values]) => {
        const validator = compile(schema);
        for (const value of values) {
          const result = validator.validate(value);
          for (const { pointer, keywordLocation = '', detail } of result.ok ? [] : result.errors) {
            // A property name is judged too; its place is that of the property.
            expect(at(value, pointer)).not.toBeUndefined();
            expect(locate(schema, keywordLocation)).not.toBeUndefined();
            expect(detail).toMatch(/^(must|is) /);
          }
        }
      }),
      { numRuns: RUNS, ...SEED },
    );
  });

  it('a compatible version admits what the old one did', { timeout: 120_000 }, () => {
    let proved = 0;
    assert(
      property(versions, array(randomValue, { minLength: 4, maxLength: 8 }), ([previous, next], values) => {
        const compared = compareSchemas(previous, next, { defaults: 'ignore', unnamed: 'anything' });
        if (!compared.ok) throw new Error(JSON.stringify(compared.faults));
        const [old, now] = [compile(previous), compile(next)];
        const [backward, forward] = [/full|backward/.test(compared.level), /full|forward/.test(compared.level)];
        if (backward || forward) proved += 1;
        for (const value of values) {
          const [before, after] = [old.check(value), now.check(value)];
          expect(backward && before && !after, 'admitted before, refused now').toBe(false);
          expect(forward && after && !before, 'admitted now, refused before').toBe(false);
        }
        expect(compareSchemas(next, next, { unnamed: 'anything' })).toMatchObject({ level: 'full', reasons: [] });
      }),
      { numRuns: RUNS, ...SEED },
    );
    expect(proved).toBeGreaterThan(RUNS / 20);
  });
});

/** Follows a keyword's location through references. */
function locate(schema: Json, location: string): Json | undefined {
  let value: Json | undefined = schema;
  for (const token of location.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value === undefined) return undefined;
    if (isJsonObject(value) && name === '$ref' && typeof value['$ref'] === 'string') value = at(schema, value['$ref'].slice(1));
    else value = at(value, `/${token}`);
  }
  return value;
}

describe('for random patterns and texts', () => {
  const atom = constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\w',
    '\\s',
    '(a|b)',
    '(?:ab)',
    '(a|ab)',
    '\\u{1F600}',
    '\\p{L}',
    '-',
    '1',
  );
  const part = tuple(atom, constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?')).map((pieces) => pieces.join(''));
  const pattern = tuple(constantFrom('', '^'), array(part, { minLength: 1, maxLength: 5 }), constantFrom('', '$', '|a$', '\\b')).map(
    ([start, parts, end]) => start + parts.join('') + end,
  );

  it('a pattern matches what ECMAScript says it matches, on either engine', { timeout: 120_000 }, () => {
    assert(
      property(pattern, array(stringMatching(/^[ab1 😀\-é\n]{0,8}$/u), { minLength: 3, maxLength: 6 }), (source, texts) => {
        const matcher = compilePattern(source);
        if (typeof matcher === 'string') throw new Error(matcher);
        const native = new RegExp(source, 'u');
        for (const text of texts) {
          expect(matcher.test(text)).toBe(native.test(text));
          // Long texts go to the other engine. More than one repetition there would keep ECMAScript's own busy for minutes.
          if ((source.match(/[*+]/g) ?? []).length > 1) continue;
          const long = `${text}${' '.repeat(5_000)}`;
          expect(matcher.test(long)).toBe(native.test(long));
        }
      }),
      { numRuns: RUNS / 8, ...SEED },
    );
  });

  const sign = constantFrom(...'()[]{}*+?|\\^$.-:=!<>,_/01259 aAbcdDsSwWpPukxBZLNé\u{1F600}\ud800');
  const soup = array(sign, { maxLength: 14 }).map((signs) => signs.join(''));

  it('whatever is written as a pattern is taken or refused with a reason', { timeout: 120_000 }, () => {
    assert(
      property(soup, string({ maxLength: 10 }), (source, text) => {
        const matcher = compilePattern(source);
        const answer = typeof matcher === 'string' ? matcher : String(matcher.test(text));
        expect(answer).toMatch(/pattern|true|false/);
      }),
      { numRuns: RUNS, ...SEED },
    );
  });
});
