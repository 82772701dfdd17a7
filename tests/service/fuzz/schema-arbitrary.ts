/** From a schema of the OpenAPI document to values: mostly such as it asks for, and now and then whatever does harm. */
import {
  anything,
  array,
  boolean,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  record,
  string,
  tuple,
  uniqueArray,
  type Arbitrary,
  type WeightedArbitrary,
} from 'fast-check';
import { HOSTILE_SCHEMAS } from '../../validator/hostile/hostile-schemas.ts';
import { randomDocument, randomValue } from '../../validator/random-schema.ts';
import { CONNECTION, TYPES } from './prey.ts';

/** In a hostile request: one value in this many and one is not what the schema asks for. */
const GOOD_TO_BAD = 8;
/** Schemas refer to each other; deeper than this they are answered with any value. */
const MAX_DEPTH = 8;
/** A hostile schema of more text than this is the validator's own test, not one of the API. */
const MAX_SCHEMA_TEXT = 100_000;

export interface Documented {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** As much of a JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
}

/** What a pool holds that is right, and what only looks like it. */
interface Pool {
  readonly good: Arbitrary<unknown>;
  readonly bad?: Arbitrary<unknown>;
}

const durations: Pool = {
  good: constantFrom('PT0.1S', 'PT2S', 'PT5M', 'P1D', 'PT1.5M', 'P2W'),
  bad: constantFrom('PT0S', 'PT', 'P1Y', '-PT1S', 'PT1e9S', 'P99999999D', 'PT1S\n'),
};
const times: Pool = {
  good: constantFrom('2030-01-01T00:00:00Z', '2021-01-01T12:00:00.123Z', '2019-07-01T00:00:00+02:00'),
  bad: constantFrom('2030-02-30T00:00:00Z', '9999-12-31T23:59:59Z', 'tomorrow', '2030-01-01'),
};
const GOOD_TEMPLATES = ['${input}', '${input.a}', 'text ${task.id} and ${input.b}', '${task.attempt + 1}', 'a'] as const;
const TEMPLATES = [
  ...GOOD_TEMPLATES,
  '${event.data}',
  '${',
  '${input.',
  "${'a' + 1}",
  '${[1,2,3].map(x, [1,2,3].map(y, x * y))}',
  '${input.a.matches("(a+)+$")}',
  '${response.body.id}',
  "${event.type == 'x'}",
  '${__proto__}',
  '${input.constructor.constructor("return process")()}',
] as const;

const hostileText = constantFrom(
  '',
  '\0',
  '\ud800',
  '😀'.repeat(300),
  '__proto__',
  'constructor',
  'a'.repeat(70_000),
  "'; DROP TABLE tasks; --",
  '../../../etc/passwd',
  'a\r\nx-evil: 1',
  '\u202e',
  '%00',
  '{{7*7}}',
  'http://169.254.169.254/latest',
  'http://[::ffff:127.0.0.1]:1/',
);
const number = oneof(
  integer({ min: -3, max: 30 }),
  double({ noNaN: true, noDefaultInfinity: true }),
  constantFrom(0, -0, 1e15, 2 ** 53, 1e308, -1),
);
const hostile = oneof(
  hostileText,
  number,
  randomValue,
  constantFrom(null, [], {}, true, false, [[[[[[[[[]]]]]]]]]),
  anything({ withNullPrototype: false, maxDepth: 3 }),
);
const jsonSchema = oneof(
  { weight: 8, arbitrary: randomDocument },
  {
    weight: 1,
    arbitrary: constantFrom(...HOSTILE_SCHEMAS.map(({ schema }) => schema()).filter((one) => sizeOf(one) < MAX_SCHEMA_TEXT)),
  },
);

/** Types with inputs that they take. */
const pair: Arbitrary<object> = oneof(
  record({ type: constant('example.sum'), input: record({ a: integer(), b: integer() }) }),
  record({ type: constantFrom('example.echo', 'fuzz.call', 'fuzz.wait'), input: record({ value: randomValue }) }),
  record({ type: constant('example.flaky'), input: record({ failures: integer({ min: 0, max: 2 }) }) }),
  record({ type: constantFrom('fuzz.worker', 'fuzz.manual'), input: randomValue }),
);

/** Members whose schema says less than one has to know to get past it. */
const BY_NAME: Readonly<Record<string, Pool>> = {
  type: { good: constantFrom(...TYPES), bad: constantFrom('example.sum@1', 'no.such', '__proto__') },
  types: { good: uniqueArray(constantFrom('fuzz.worker', 'fuzz.worker@1'), { minLength: 1 }), bad: array(constantFrom(...TYPES)) },
  version: { good: constantFrom(1), bad: integer({ min: 0, max: 3 }) },
  connection: { good: constant(CONNECTION) },
  path: { good: constantFrom('/a', '/${input.a}', '/${task.id}'), bad: constantFrom('/a/../b', '//elsewhere', '/a?x=1', ...TEMPLATES) },
  baseUrl: {
    good: constantFrom('https://example.invalid'),
    bad: constantFrom('http://127.0.0.1:1', 'ftp://a', 'https://a:b@example.com', 'https://example.com/#f', 'http://[::1]:1'),
  },
  callbackUrl: {
    good: constant('{known:url:0}'),
    bad: constantFrom('https://example.invalid/done', 'http://127.0.0.1:1/', 'http://10.0.0.1/', 'javascript:alert(1)'),
  },
  preset: { good: constant('standard-webhooks'), bad: constantFrom('github', 'x') },
  secrets: {
    good: constant([`whsec_${'A'.repeat(32)}`]),
    bad: array(constantFrom(`whsec_${'B'.repeat(32)}`, 'short', 'whsec_')),
  },
  inputSchema: { good: randomDocument, bad: jsonSchema },
  outputSchema: { good: randomDocument, bad: jsonSchema },
  input: { good: randomValue },
  tags: { good: uniqueArray(constantFrom('a', 'b', 'c')), bad: array(hostileText, { maxLength: 40 }) },
  ttl: durations,
  retry: {
    good: record(
      { maxAttempts: integer({ min: 1, max: 4 }), initialInterval: constantFrom('PT0.05S', 'PT0S'), jitter: constantFrom('none', 'full') },
      { requiredKeys: [] },
    ),
    bad: record(
      { maxAttempts: number, initialInterval: oneof(durations.good, hostileText), backoffCoefficient: number },
      { requiredKeys: [] },
    ),
  },
  timeouts: {
    good: record({ startToClose: durations.good, scheduleToClose: durations.good, heartbeat: durations.good }, { requiredKeys: [] }),
    bad: record({ startToClose: hostileText, scheduleToStart: durations.good, x: durations.good }, { requiredKeys: [] }),
  },
  // Long waits are what the service is asked for, not where it hangs.
  waitSeconds: { good: constantFrom(0, 0, 0, 0, 1), bad: constantFrom(-1, 21, 0.5) },
  namespace: { good: constant('default'), bad: constantFrom('no-such', '__proto__') },
  when: { good: constantFrom("${event.type == 'x'}", 'true', '${has(event.a)}'), bad: constantFrom(...TEMPLATES) },
  correlation: { good: constantFrom(...GOOD_TEMPLATES), bad: constantFrom(...TEMPLATES) },
};

/** How a request is meant: to be taken, or to do harm somewhere in it. */
export type Mood = 'honest' | 'hostile';

/** Values for `schema`; `name` is the member they are for. */
export function arbitraryOf(schema: Schema, document: Documented, mood: Mood, name = '', depth = 0): Arbitrary<unknown> {
  const pool = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const good = pool?.good ?? honestOf(schema, document, mood, depth);
  if (mood === 'honest') return good;
  const bad = pool?.bad === undefined ? hostile : oneof(pool.bad, hostile);
  return oneof({ weight: GOOD_TO_BAD, arbitrary: good }, { weight: 1, arbitrary: bad });
}

function honestOf(schema: Schema, document: Documented, mood: Mood, depth: number): Arbitrary<unknown> {
  if (depth > MAX_DEPTH) return randomValue;
  const inner = (one: Schema, name = ''): Arbitrary<unknown> => arbitraryOf(one, document, mood, name, depth + 1);
  if (schema.$ref !== undefined) return inner(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.enum !== undefined) return constantFrom(...schema.enum);
  if (schema.const !== undefined) return constant(schema.const);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return oneof(...either.map((one) => inner(one)));
  if (schema.allOf !== undefined) return recordOf(merged(schema.allOf, document), mood, inner);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const choices = types.map((type): WeightedArbitrary<unknown> => ({ weight: 1, arbitrary: ofType(type, schema, mood, inner) }));
  return choices.length === 0 ? randomValue : oneof(...choices);
}

type Inner = (schema: Schema, name?: string) => Arbitrary<unknown>;

function ofType(type: string, schema: Schema, mood: Mood, inner: Inner): Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return recordOf(schema, mood, inner);
    case 'array':
      return array(inner(schema.items ?? {}), { maxLength: 4 });
    case 'integer':
      return integer({ min: Math.max(schema.minimum ?? 0, 0), max: Math.min(schema.maximum ?? 300, 300) });
    case 'number':
      return number;
    case 'boolean':
      return boolean();
    case 'null':
      return constant(null);
    case 'string':
      return ofFormat(schema.format, mood);
    default:
      throw new Error(`The document has a type "${type}".`);
  }
}

function ofFormat(format: string | undefined, mood: Mood): Arbitrary<unknown> {
  if (format === 'duration') return durations.good;
  if (format === 'date-time') return times.good;
  if (mood === 'honest') return string({ unit: constantFrom(...'abcdef'), minLength: 1, maxLength: 8 });
  return oneof(
    constantFrom('a-b', 'A.b_c', ...TEMPLATES),
    string({ unit: 'binary', maxLength: 20 }),
    times.bad ?? times.good,
    durations.good,
  );
}

function recordOf({ properties = {}, required = [] }: Schema, mood: Mood, inner: Inner): Arbitrary<unknown> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema, name)]));
  const whole = record(members, { requiredKeys: required.filter((name) => Object.hasOwn(members, name)) });
  // What a task is made of: few inputs fit their type by chance.
  const submits = Object.hasOwn(properties, 'type') && Object.hasOwn(properties, 'input');
  const fitting = submits ? tuple(whole, pair).map(([value, fits]) => ({ ...(value as object), ...fits })) : whole;
  if (mood === 'honest') return fitting;
  const more = record({ ...members, unheardOf: hostile }, { requiredKeys: [] });
  return oneof({ weight: 12, arbitrary: fitting }, { weight: 3, arbitrary: whole }, { weight: 1, arbitrary: more });
}

function merged(parts: readonly Schema[], document: Documented): Schema {
  const whole = parts.map((part) =>
    part.$ref === undefined ? part : (document.components.schemas[part.$ref.split('/').at(-1) ?? ''] ?? {}),
  );
  return {
    properties: Object.assign({}, ...whole.map(({ properties }) => properties)),
    required: whole.flatMap(({ required = [] }) => required),
  };
}

function sizeOf(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
