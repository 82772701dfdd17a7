/**
 * Task types defined in code: a schema of zod, valibot, arktype or any other library of the Standard Schema, behind the same
 * face as a JSON Schema. Such libraries may strip, coerce and transform what they validate, and some lose `__proto__`; task
 * data stays as it was sent, so only the defaults are taken from what they give back.
 */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { pointerTo } from './engine/path.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from './limits.ts';
import type { Validation, ValidationError, Validator } from './validator.ts';

/** A validator of a schema in code. It answers at once where the library does, and throws where the schema's own code does. */
export function standardSchemaValidator(schema: StandardSchemaV1): Validator {
  return {
    jsonSchema: publishedBy(schema),
    validate(value) {
      if (isDeeperThan(value, MAX_JSON_DEPTH))
        return { ok: false, errors: [{ pointer: '', detail: `must not be nested more than ${MAX_JSON_DEPTH} levels deep` }] };
      const result = schema['~standard'].validate(value);
      return 'then' in result ? result.then((settled) => validationOf(value, settled)) : validationOf(value, result);
    },
  };
}

function validationOf(value: Json, result: StandardSchemaV1.Result<unknown>): Validation {
  if (result.issues !== undefined) return { ok: false, errors: result.issues.map((issue) => errorOf(value, issue)) };
  return { ok: true, value: withDefaults(value, result.value) };
}

function errorOf(value: Json, { message, path = [] }: StandardSchemaV1.Issue): ValidationError {
  const tokens = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  const pointer = pointerTo(...tokens);
  if (SAYS_MISSING.test(message) && isMissing(value, tokens)) return { pointer, detail: 'is required', keyword: 'required' };
  return { pointer, detail: message.replace(PREAMBLE, '') };
}

/** What zod and valibot, and arktype, say of a value that is not there: words of JavaScript, for which JSON has none. */
const SAYS_MISSING = /\bundefined\b|\(was missing\)$/;
/** What zod puts before every reason. */
const PREAMBLE = /^(?:Invalid input|Invalid option|Too big|Too small): /;

function isMissing(value: Json, tokens: readonly string[]): boolean {
  let at: Json | undefined = value;
  for (const token of tokens) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, token)) return true;
    at = (at as JsonObject)[token];
  }
  return false;
}

/** The value as it came, with the properties it lacked and the validated one has. */
function withDefaults(value: Json, validated: unknown): Json {
  if (Array.isArray(value)) {
    if (!Array.isArray(validated) || validated.length !== value.length) return value;
    const items = value.map((item: Json, index) => withDefaults(item, validated[index]));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isJsonObject(value) || !isJsonObject(validated)) return value;
  const added: [string, Json][] = [];
  for (const [name, member] of Object.entries(validated)) {
    if (!Object.hasOwn(value, name)) {
      if (isJson(member)) added.push([name, member]);
      continue;
    }
    const before = value[name] ?? null;
    const after = withDefaults(before, member);
    if (after !== before) added.push([name, after]);
  }
  // Spreading defines properties, so `__proto__` stays an ordinary key.
  return added.length === 0 ? value : { ...value, ...Object.fromEntries(added) };
}

/** A default may be anything in code; what JSON cannot write is left out. */
function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value)
    ? value.every(isJson)
    : (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}

/** The schema as its library writes it in JSON Schema; `true`, which says nothing, where it cannot. */
function publishedBy(schema: StandardSchemaV1): Json {
  const standard: StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props> = schema['~standard'];
  try {
    const published: unknown = standard.jsonSchema?.input({ target: 'draft-2020-12' });
    return isJson(published) ? published : true;
  } catch {
    return true;
  }
}
