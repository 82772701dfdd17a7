/** A JSON Schema ready to judge values: what the engine says, in the words of those who asked. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { Json } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { Fill } from './defaults.ts';
import type { Dialect } from './engine/dialect.ts';
import type { Engine } from './engine/engine.ts';
import { tokensOf } from './engine/path.ts';
import { Exhausted } from './engine/run.ts';
import { errorsOf } from './errors.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from './limits.ts';
import { type OutputFormat, outputOf, type OutputUnit } from './output.ts';
import type { Validation, ValidationError, Validator } from './validator.ts';

/** Judges at once, without a promise, and is a Standard Schema: whatever takes zod takes this. */
export interface CompiledSchema extends Validator {
  validate(value: Json): Validation;
  /** Says whether a value is valid, and nothing more. */
  check(value: Json): boolean;
  /** Judges in a format of the JSON Schema specification. */
  output(value: Json, format: OutputFormat): OutputUnit;
  readonly '~standard': StandardSchemaV1.Props<Json, Json> & StandardJSONSchemaV1.Props<Json, Json>;
}

export interface CompiledParts {
  readonly schema: Json;
  readonly dialect: Dialect;
  readonly engine: Engine;
  readonly fill: Fill | null;
}

export function compiledSchema({ engine, schema, dialect, fill: fillIn }: CompiledParts): CompiledSchema {
  const fill = (given: Json): Json => {
    if (fillIn === null) return given;
    const value = fillIn(given, engine.enter());
    if (value !== given && isDeeperThan(value, MAX_JSON_DEPTH)) throw new Exhausted('depth');
    return value;
  };
  const validate = (given: Json): Validation => {
    try {
      const value = fill(given);
      const failures = engine.judge(value);
      return failures === null ? { ok: true, value } : { ok: false, errors: errorsOf(failures) };
    } catch (error) {
      return { ok: false, errors: [{ pointer: '', detail: exhaustion(error) }] };
    }
  };
  return {
    jsonSchema: schema,
    validate,
    check(value) {
      try {
        return engine.check(fill(value));
      } catch (error) {
        exhaustion(error);
        return false;
      }
    },
    output(value, format) {
      try {
        if (format === 'flag') return { valid: engine.check(fill(value)) };
        const failures = engine.judge(fill(value));
        return failures === null ? { valid: true } : outputOf(failures, format);
      } catch (error) {
        return { valid: false, keywordLocation: '', instanceLocation: '', error: exhaustion(error) };
      }
    },
    '~standard': {
      version: 1,
      vendor: 'errand',
      validate(value) {
        if (!isJson(value)) return { issues: [{ message: 'must be a JSON value' }] };
        const result = validate(value);
        return result.ok ? { value: result.value } : { issues: result.errors.map(issueOf) };
      },
      jsonSchema: { input: (options) => published(schema, dialect, options), output: (options) => published(schema, dialect, options) },
    },
  };
}

/** What a validation that ran out of its budget says; any other error is a fault. */
function exhaustion(error: unknown): string {
  if (error instanceof Exhausted) return error.message;
  throw error;
}

function isJson(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}

function issueOf({ pointer, detail }: ValidationError): StandardSchemaV1.Issue {
  return { message: detail, path: pointer === '' ? [] : tokensOf(pointer) };
}

/** The schema as it is, to whoever wants its dialect. */
function published(schema: Json, { draft }: Dialect, { target }: StandardJSONSchemaV1.Options): Record<string, unknown> {
  const own = draft === 2020 ? 'draft-2020-12' : draft === 2019 ? 'draft-2019-09' : `draft-0${draft}`;
  if (target !== own) throw new Error(`this schema is written in ${own}, not in ${target}`);
  if (isJsonObject(schema)) return { ...schema };
  return schema === true ? {} : { not: {} };
}
