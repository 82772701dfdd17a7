import { Validator } from '@cfworker/json-schema';
import type { Json } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { registerSchema, unregisterSchema, validate } from '@hyperjump/json-schema/draft-2020-12';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { array, asyncProperty, assert, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPLAINED } from './explained-disagreements.ts';
import { randomDocument, randomValue } from './random-schema.ts';

/** The same cases each time, but where there is time to find new ones. */
const RUNS = process.env['ERRAND_TEST_FULL'] === undefined ? { numRuns: 300, seed: 2020_12 } : { numRuns: 5_000 };
const cases = tuple(randomDocument, array(randomValue, { minLength: 4, maxLength: 8 }));

function ours(schema: Json): (value: Json) => boolean {
  const compiled = compileJsonSchema(schema, { defaults: 'ignore', formats: 'annotate' });
  if (!compiled.ok) throw new Error(`refused: ${JSON.stringify(compiled.faults)}`);
  return (value) => compiled.validator.check(value);
}

/** Fails unless both say the same, or a difference is explained. */
function agree(oracle: keyof typeof EXPLAINED, schema: Json, value: Json, answer: boolean, ask: (value: Json) => boolean): void {
  const theirs = answerOf(ask, value);
  if (answer === theirs) return;
  const isExplained = EXPLAINED[oracle].some(({ concerns }) => concerns(schema, value));
  expect(isExplained, `${oracle} says ${theirs}, we say ${answer}: ${JSON.stringify(schema)} for ${JSON.stringify(value)}`).toBe(true);
}

function answerOf(ask: (value: Json) => boolean, value: Json): boolean | string {
  try {
    return ask(value);
  } catch (error) {
    return `"${String(error)}"`;
  }
}

describe('on random schemas and documents the engine agrees with', () => {
  it('ajv, or the difference is explained', { timeout: 60_000 }, () => {
    assert(
      property(cases, ([schema, values]) => {
        const judge = ours(schema);
        const theirs = new Ajv2020({ strict: false, validateSchema: false, logger: false }).compile(schema as object);
        for (const value of values) agree('ajv', schema, value, judge(value), theirs);
      }),
      RUNS,
    );
  });

  it('hyperjump, or the difference is explained', { timeout: 60_000 }, async () => {
    await assert(
      asyncProperty(cases, async ([schema, values]) => {
        const judge = ours(schema);
        const id = 'https://example.com/random';
        registerSchema({ ...(schema as object), $id: id, $schema: 'https://json-schema.org/draft/2020-12/schema' });
        try {
          const theirs = await validate(id);
          for (const value of values) agree('hyperjump', schema, value, judge(value), (each) => theirs(each as never).valid);
        } finally {
          unregisterSchema(id);
        }
      }),
      RUNS,
    );
  });

  it('cfworker, or the difference is explained', { timeout: 60_000 }, () => {
    assert(
      property(cases, ([schema, values]) => {
        const judge = ours(schema);
        const theirs = new Validator(schema as object, '2020-12', true);
        for (const value of values) agree('cfworker', schema, value, judge(value), (each) => theirs.validate(each).valid);
      }),
      RUNS,
    );
  });
});
