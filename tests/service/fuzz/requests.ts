/** Requests to every endpoint that the service documents, drawn by a seed: paths, queries, headers and bodies, honest and not. */
import { constant, constantFrom, integer, oneof, option, record, sample, string, tuple, type Arbitrary } from 'fast-check';
import { arbitraryOf, type Documented, type Schema } from './schema-arbitrary.ts';

/** A request as it was drawn. `{known:task:3}` in its path or query stands for an id of that kind that the service has given out. */
export interface Drawn {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export interface OpenApi extends Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** What the rest lives on is asked for more often. */
const WEIGHTS: Readonly<Record<string, number>> = { 'POST /v1/tasks': 6, 'POST /v1/tasks:batch': 2, 'POST /v1/workers/poll': 2 };
/** What the `{…}` after a collection's name stands for. */
const KINDS: Readonly<Record<string, string>> = {
  attempts: 'lease',
  callbacks: 'callback',
  connections: 'connection',
  'task-types': 'type',
};

/** Requests drawn at a time: a sample is kept whole. */
const CHUNK = 500;

/** `count` requests, the same for the same seed. */
export function* drawRequests(document: OpenApi, seed: number, count: number): Generator<Drawn> {
  const arbitrary = oneof(
    ...operationsOf(document).map((one) => ({ weight: WEIGHTS[`${one.method} ${one.path}`] ?? 1, arbitrary: requestOf(one, document) })),
  );
  for (let drawn = 0; drawn < count; drawn += CHUNK)
    yield* sample(arbitrary, { seed: (seed + drawn) | 0, numRuns: Math.min(CHUNK, count - drawn) });
}

interface Named extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Live streams last as long as somebody listens: `judge` opens them, the crowd does not. */
function operationsOf(document: OpenApi): Named[] {
  return Object.entries(document.paths)
    .filter(([path]) => path !== '/v1/stream')
    .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })));
}

function requestOf({ method, path, parameters = [], requestBody }: Named, document: OpenApi): Arbitrary<Drawn> {
  const content = Object.entries(requestBody?.content ?? {});
  const queries = parameters
    .filter((one) => one.in === 'query' && one.name !== 'cursor')
    .map((one) => tuple(constant(one.name), queryOf(one.name)));
  const bodies = content.map(([type, { schema }]) => tuple(constant(type), bodyOf(schema, document, type)));
  const noBody = tuple(constant('application/json'), constant<Drawn['body']>(undefined));
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  return record({
    method: oneof(
      { weight: 30, arbitrary: constant(method) },
      { weight: 1, arbitrary: constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD') },
    ),
    path: filled(path),
    query: queries.length === 0 ? someQuery : oneof(subset(queries), someQuery),
    headers: headersArbitrary,
    sent: mayHaveBody && bodies.length > 0 ? oneof({ weight: 20, arbitrary: oneof(...bodies) }, { weight: 1, arbitrary: noBody }) : noBody,
  }).map(({ sent: [type, body], headers, ...rest }) => {
    const withBody = body !== undefined && rest.method !== 'GET' && rest.method !== 'HEAD';
    return { ...rest, body: withBody ? body : undefined, headers: withBody ? { 'content-type': type, ...headers } : headers };
  });
}

const oddSegment = oneof(
  constantFrom('a', '%00', 'a%00b', '%ff', '%2e%2e', '%0d%0aX:1', '__proto__', 'x'.repeat(3_000), '%F0%9F%98%80', 'task_', 'null', '%25'),
  string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
  knownOf('task'),
);

function filled(path: string): Arbitrary<string> {
  const parts = path.split(/\{\w+\}/);
  const segments = parts.slice(0, -1).map((part) => {
    const collection = part.split('/').at(-2) ?? '';
    return oneof(
      { weight: 5, arbitrary: knownOf(KINDS[collection] ?? collection.replace(/s$/, '')) },
      { weight: 1, arbitrary: oddSegment },
    );
  });
  return tuple(...segments).map((values) => parts.map((part, i) => `${i === 0 ? '' : values[i - 1]}${part}`).join(''));
}

function knownOf(kind: string): Arbitrary<string> {
  return integer({ min: 0, max: 9_999 }).map((index) => `{known:${kind}:${index}}`);
}

const queryValue = oneof(
  constantFrom(
    '1',
    '0',
    'true',
    'completed',
    'queued,running',
    'automated',
    'example.sum',
    'example.sum@1',
    '2026-01-01T00:00:00Z',
    'fuzz',
  ),
  constantFrom('', '\0', '-1', '1e99', 'NaN', '[]', '9'.repeat(400), 'x'.repeat(4_000), "'", '\ufffd', '%', 'a.b.c'),
  string({ maxLength: 12 }),
  knownOf('cursor'),
);
/** Values that are right; every other parameter beside a wrong one has to be, or the wrong one is never reached. */
const GOOD_QUERIES: Readonly<Record<string, readonly string[]>> = {
  status: ['completed', 'queued,running'],
  kind: ['automated', 'manual'],
  type: ['example.sum', 'example.sum@1'],
  createdAfter: ['2026-01-01T00:00:00Z'],
  createdBefore: ['2100-01-01T00:00:00Z'],
  system: ['true', 'false'],
  limit: ['1', '200'],
  wait: ['0', '1'],
  ifRevisionGreaterThan: ['0', '1'],
};

function queryOf(name: string): Arbitrary<string> {
  const good = Object.hasOwn(GOOD_QUERIES, name) ? constantFrom(...(GOOD_QUERIES[name] ?? [])) : constantFrom('a', 'fuzz');
  return oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: constantFrom('\0', 'a\0b') }, { weight: 1, arbitrary: queryValue });
}

const someQuery = option(tuple(constantFrom('limit', 'cursor', 'a', '__proto__', 'status'), queryValue), { nil: undefined, freq: 3 }).map(
  (pair): Drawn['query'] => (pair === undefined ? [] : [pair]),
);

function subset(pairs: readonly Arbitrary<[string, string]>[]): Arbitrary<Drawn['query']> {
  return tuple(...pairs.map((pair) => option(pair, { nil: undefined, freq: 1 }))).map((all) => all.filter((one) => one !== undefined));
}

const printable = string({ unit: 'grapheme-ascii', maxLength: 60 });
const oddHeaders: Arbitrary<Record<string, string>> = record(
  {
    'idempotency-key': oneof(constantFrom('a', 'b', '"c"', 'x'.repeat(255), 'x'.repeat(256), '\u00e9'), printable),
    // One second at most: a longer wait is one that was asked for.
    prefer: constantFrom('wait=1', 'wait=0', 'respond-async', 'wait=x', 'wait=-1'),
    'if-match': constantFrom('"1"', '"2"', '*', 'W/"1"', 'x', '""', '"99999999999999999999"'),
    'if-none-match': constantFrom('"1"', '*', 'x'),
    accept: constantFrom('*/*', 'application/json', 'text/html', 'x', 'application/json;q=0', ';;;,,,'),
    'content-type': constantFrom('application/json; charset=utf-8', 'text/plain', 'application/x-ndjson', 'application/json;', ' '),
    'content-encoding': constantFrom('gzip', 'identity', 'x'),
    authorization: constantFrom('Bearer nonsense', 'Basic YTpi', 'Bearer', 'Bearer errand_dev_aaaa_bbbb'),
    traceparent: constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x', '00-0-0-0'),
    'webhook-id': printable,
    'webhook-timestamp': constantFrom('1', String(Math.floor(Date.now() / 1_000)), '-1', '1e9', '0x10'),
    'webhook-signature': constantFrom('v1,AAAA', 'v1, ', Array.from({ length: 11 }, () => 'v1,AAAA').join(' ')),
    'x-forwarded-host': constant('evil.example'),
  },
  { requiredKeys: [] },
).map((all) => Object.fromEntries(Object.entries(all).filter((_, i) => i % 3 === Object.keys(all).length % 3)));

const plainHeaders: Arbitrary<Record<string, string>> = record(
  {
    'idempotency-key': printable,
    'if-match': constantFrom('"1"', '"2"', '*'),
    prefer: constantFrom('wait=1', ...Array.from({ length: 9 }, () => 'wait=0')),
  },
  { requiredKeys: [] },
).map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value.trim() !== '')));
const headersArbitrary = oneof({ weight: 3, arbitrary: plainHeaders }, { weight: 1, arbitrary: oddHeaders });

/** A body as text: such as the schema asks for, or with harm in it, or broken on its way. */
function bodyOf(schema: Schema, document: OpenApi, type: string): Arbitrary<Drawn['body']> {
  const [honest, hostile] = (['honest', 'hostile'] as const).map((mood) => textOf(arbitraryOf(schema, document, mood).map(written), type));
  if (honest === undefined || hostile === undefined) throw new Error('There are two moods.');
  const broken = tuple(honest, damage).map(([whole, harm]) => harm(whole));
  return oneof({ weight: 6, arbitrary: honest }, { weight: 6, arbitrary: hostile }, { weight: 1, arbitrary: broken });
}

function textOf(value: Arbitrary<string>, type: string): Arbitrary<string> {
  return type === 'application/x-ndjson' ? tuple(value, value, value).map((lines) => lines.join('\n')) : value;
}

const damage = constantFrom<((text: string) => string | Uint8Array)[]>(
  (text) => text.slice(0, text.length / 2),
  (text) => `${text},`,
  (text) => `\ufeff${text}`,
  (text) => text.replace('{', '{"__proto__":{"polluted":1},'),
  (text) => text.replace('{', '{"type":"a","type":"b",'),
  (text) => text.replace(/:[^,}]*/, ':1e400'),
  (text) => text.replace(/:[^,}]*/, ':"\\ud800"'),
  (text) => text.replace(/:[^,}]*/, ':"\\u0000"'),
  (text) => text.replace(/:[^,}]*/, `:${'['.repeat(100)}${']'.repeat(100)}`),
  () => '['.repeat(50_000),
  () => '{"a":'.repeat(50_000),
  (text) => `${text}${' '.repeat(100_000)}`,
  (text) => new Uint8Array([...new TextEncoder().encode(text.slice(0, 1_000)), 0xff, 0xfe]),
  () => '',
);

function written(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? Number(member) : member)) ?? 'null';
}
