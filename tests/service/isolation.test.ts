/**
 * Namespaces are isolated: what belongs to another looks exactly like what is not there. The calls are made from the list of
 * endpoints, so an endpoint that this file does not know how to call fails it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

/** The service's own list. Its types belong to another platform than this test's, so only what is used of them is named. */
const LIST = '../../apps/edge-worker/src/api/endpoints.ts';
const { ENDPOINTS } = (await import(/* @vite-ignore */ LIST)) as {
  readonly ENDPOINTS: readonly { readonly method: string; readonly path: string; readonly scope: string }[];
};

/** The same thing as each namespace sees it: `theirs` is there for them, `nothing` is an id of the same form that names nothing. */
interface Thing {
  readonly theirs: readonly string[];
  readonly nothing: readonly string[];
}

/** How an endpoint is called with the name of a thing: in its path, or in its body. */
type Way =
  /** Asks for no key: it says nothing of a namespace, or a token or a signature is all the proof there is. */
  | { readonly about: 'nobody' }
  /** Shows what is the caller's: whatever the others have must not be in it. */
  | { readonly about: 'all'; readonly query?: string }
  | Naming
  /** Makes or replaces something of the caller's own, and names nothing else. */
  | { readonly about: 'own' };

/** Names one thing: another's must look like none. `status` is 404 unless the thing is named in the body. */
interface Naming {
  readonly about: keyof Things;
  readonly body?: (name: string) => unknown;
  readonly headers?: Record<string, string>;
  readonly status?: number;
}

interface Things {
  readonly task: Thing;
  readonly type: Thing;
  readonly key: Thing;
  readonly connection: Thing;
  readonly hook: Thing;
  /** The token of an attempt that a remote worker of theirs has begun. */
  readonly lease: Thing;
}

const WAYS: Readonly<Record<string, Way>> = {
  'get /healthz': { about: 'nobody' },
  'get /readyz': { about: 'nobody' },
  'get /openapi.json': { about: 'nobody' },
  'get /metrics': { about: 'all' },
  'get /v1/stats': { about: 'all' },
  'get /v1/stream': { about: 'all' },
  'get /v1/me': { about: 'all' },
  'get /v1/tasks': { about: 'all' },
  'get /v1/tasks:count': { about: 'all' },
  'get /v1/inbox': { about: 'all', query: '?view=all' },
  'post /v1/tasks': { about: 'type', body: (type) => ({ type, input: {} }), status: 422 },
  'post /v1/tasks:validate': { about: 'type', body: (type) => ({ type, input: {} }), status: 200 },
  'post /v1/tasks:batch': { about: 'type', body: (type) => ({ tasks: [{ type, input: {} }] }), status: 207 },
  'patch /v1/tasks/{id}': { about: 'task', body: () => ({ priority: 1 }), headers: { 'if-match': '"1"' } },
  'post /v1/tasks/{id}/reschedule': { about: 'task', body: () => ({ scheduledFor: '2032-01-01T00:00:00Z' }) },
  'post /v1/tasks/{id}/complete': { about: 'task', body: () => ({ output: {} }) },
  'post /v1/tasks/{id}/fail': { about: 'task', body: () => ({ error: { code: 'a', message: 'b' } }) },
  'post /v1/workers/poll': { about: 'type', body: (type) => ({ workerId: 'w', types: [type] }), status: 422 },
  'post /v1/attempts/{leaseToken}/heartbeat': { about: 'lease' },
  'post /v1/attempts/{leaseToken}/complete': { about: 'lease', body: () => ({ output: {} }) },
  'post /v1/attempts/{leaseToken}/fail': { about: 'lease', body: () => ({ error: { code: 'a', message: 'b' } }) },
  'post /v1/callbacks/{token}': { about: 'nobody' },
  'post /v1/hooks': { about: 'own' },
  'get /v1/hooks': { about: 'all' },
  'get /v1/hooks/{id}': { about: 'hook' },
  'delete /v1/hooks/{id}': { about: 'hook' },
  'post /v1/hooks/{id}': { about: 'nobody' },
  'get /v1/hooks/{id}/deliveries': { about: 'hook' },
  'post /v1/connections': { about: 'own' },
  'get /v1/connections': { about: 'all' },
  'put /v1/connections/{name}': { about: 'own' },
  'get /v1/connections/{name}': { about: 'connection' },
  'delete /v1/connections/{name}': { about: 'connection' },
  'post /v1/connections/{name}/test': { about: 'connection' },
  'post /v1/task-types': { about: 'own' },
  'get /v1/task-types': { about: 'all' },
  'get /v1/task-types/{name}': { about: 'type' },
  'get /v1/task-types/{name}/versions': { about: 'type' },
  'get /v1/routing-rules': { about: 'all' },
  'put /v1/routing-rules': { about: 'own' },
  'post /v1/keys': { about: 'own' },
  'get /v1/keys': { about: 'all' },
  'delete /v1/keys/{id}': { about: 'key' },
  'post /v1/namespaces': { about: 'own' },
  'get /v1/namespaces': { about: 'all' },
};

/** Whatever is asked of one task is asked by its id, with an empty body unless said otherwise. */
function wayOf(method: string, path: string): Way | undefined {
  return WAYS[`${method} ${path}`] ?? (/^\/v1\/tasks\/\{id\}(\/[\w-]+)?$/.test(path) ? { about: 'task' } : undefined);
}

const SECRET = 'zebra';
const directory = temporaryDirectory();
let service: RunningService;
let mine: Record<string, string>;
let theirs: Record<string, string>;
let things: Things;

beforeAll(async () => {
  service = await startService(directory.path);
  // Theirs has more shards than mine: an id may then name an object that mine does not have.
  mine = await namespaceWithKey('mine', 1);
  theirs = await namespaceWithKey('theirs', 4);
  const type = `${SECRET}.approve`;
  const remote = `${SECRET}.remote`;
  await service.call('POST', '/v1/task-types', { name: type, version: 1, kind: 'manual' }, theirs);
  await service.call('POST', '/v1/task-types', { name: remote, version: 1, kind: 'automated' }, theirs);
  await service.call('PUT', '/v1/routing-rules', { rules: [{ name: SECRET, tags: [SECRET], route: { priority: 1 } }] }, theirs);
  await service.call('POST', '/v1/connections', { name: SECRET, baseUrl: 'https://example.com', auth: { type: 'none' } }, theirs);
  const { body: hook } = await service.call(
    'POST',
    '/v1/hooks',
    { name: SECRET, preset: 'standard-webhooks', secrets: [`whsec_${'A'.repeat(32)}`], on: [{ submit: { type, input: {} } }] },
    theirs,
  );
  const submit = async (task: object): Promise<string> => (await service.call('POST', '/v1/tasks', task, theirs)).body.id;
  const later = { type: 'example.sum', input: { a: 1, b: 1, note: SECRET }, scheduledFor: '2031-01-01T00:00:00Z' };
  const tasks = await Promise.all([submit({ type, input: {}, tags: [SECRET] }), ...Array.from({ length: 8 }, () => submit(later))]);
  await submit({ type: remote, input: {} });
  const { body: polled } = await service.call('POST', '/v1/workers/poll', { workerId: SECRET, types: [remote], waitSeconds: 5 }, theirs);
  const lease = polled.items[0].leaseToken;
  const { body: key } = await service.call('GET', '/v1/me', undefined, theirs);
  const { body: development } = await service.call('GET', '/v1/me');
  things = {
    task: { theirs: tasks, nothing: [...tasks.map(unlike), 'task_x', 'x', `${tasks[0]}x`] },
    type: { theirs: [type], nothing: ['no.such'] },
    key: { theirs: [key.keyId, development.keyId], nothing: [unlike(key.keyId), 'key_x'] },
    connection: { theirs: [SECRET], nothing: ['no-such', 'No Name'] },
    hook: { theirs: [hook.id], nothing: [unlike(hook.id), 'hook_x'] },
    lease: { theirs: [lease], nothing: [unlike(lease), 'lease_x'] },
  };
}, 60_000);
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

async function namespaceWithKey(name: string, shards: number): Promise<Record<string, string>> {
  await service.call('POST', '/v1/namespaces', { name, shards });
  const scopes = new Set(ENDPOINTS.map(({ scope }) => scope).filter((scope) => scope !== 'none' && scope !== 'any'));
  const { body } = await service.call('POST', '/v1/keys', {
    name,
    namespace: name,
    scopes: [...scopes, 'manual:work', 'manual:admin'].filter((scope, i, all) => all.indexOf(scope) === i),
    person: { id: name, groups: [] },
  });
  return { authorization: `Bearer ${body.key}` };
}

/** An id of the same form and address that names nothing. */
function unlike(id: string): string {
  const last = id.at(-1) === '0' ? '1' : '0';
  return `${id.slice(0, -1)}${last}`;
}

/** All that an answer says, but for the name that was asked for and the trace. */
async function ask({ method, path, way }: NamedCall, name: string, as: Record<string, string>) {
  const url = path.replace(/\{\w+\}/, encodeURIComponent(name));
  const body = method === 'get' || method === 'delete' ? undefined : (way.body?.(name) ?? {});
  const answer = await service.call(method.toUpperCase(), url, body, { ...as, ...way.headers });
  const told = JSON.stringify(answer.body, (member, value: unknown) => (member === 'traceId' ? undefined : value));
  const headers = ['content-type', 'etag', 'allow', 'cache-control'].map((header) => answer.headers.get(header));
  return { status: answer.status, headers, told: told.replaceAll(name, '(name)') };
}

/** Everything that is sent within half a second: streams go on for longer. */
async function seenBy(path: string, as: Record<string, string>): Promise<string> {
  const response = await fetch(`${service.url}${path}`, { headers: as });
  expect([path, response.status]).toEqual([path, 200]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const enough = setTimeout(() => void reader?.cancel(), 500);
  let text = '';
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) text += part.value;
  clearTimeout(enough);
  return text;
}

const CALLS = ENDPOINTS.map(({ method, path }) => ({ name: `${method} ${path}`, method, path, way: wayOf(method, path) }));
type NamedCall = { readonly name: string; readonly method: string; readonly path: string; readonly way: Naming };
const NAMED = CALLS.filter((call): call is NamedCall => call.way !== undefined && !['nobody', 'all', 'own'].includes(call.way.about));
const SHOWING = CALLS.flatMap(({ name, path, way }) => (way?.about === 'all' ? [{ name, path: `${path}${way.query ?? ''}` }] : []));

it('knows how to call every endpoint', () => {
  const unknown = CALLS.filter(({ way }) => way === undefined).map(({ name }) => name);
  // Whoever adds an endpoint says in WAYS how it is called, and what of another namespace it could name.
  expect(unknown).toEqual([]);
});

describe('what belongs to another namespace', () => {
  it.each(NAMED)('looks like nothing to $name', async (call) => {
    const { theirs: there, nothing } = things[call.way.about];
    const answers = await Promise.all([...there, ...nothing].map((name) => ask(call, name, mine)));
    expect(answers[0]).toMatchObject({ status: call.way.status ?? 404 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it.each(SHOWING)('is not shown by $name', async ({ path }) => {
    const seeing = seenBy(path, mine);
    // Something happens there meanwhile, for whoever listens.
    await service.call('POST', '/v1/tasks', { type: `${SECRET}.remote`, input: {} }, theirs);
    expect(await seeing).not.toMatch(new RegExp(`${SECRET}|theirs`));
  });

  it('is there for those it belongs to, after all that', async () => {
    const reads = NAMED.filter(({ method }) => method === 'get');
    expect(reads.length).toBeGreaterThan(4);
    const own = await Promise.all(reads.map((call) => ask(call, things[call.way.about].theirs[0] ?? '', theirs)));
    expect(own.map(({ status }) => status)).toEqual(reads.map(() => 200));
    const { body } = await service.call('GET', '/v1/tasks?type=example.sum', undefined, theirs);
    expect(body.items.map((task: any) => task.status)).toEqual(Array.from({ length: 8 }, () => 'scheduled'));
    expect(await seenBy('/v1/inbox?view=all', theirs)).toContain(SECRET);
    const [lease] = things.lease.theirs;
    expect((await service.call('POST', `/v1/attempts/${lease}/complete`, { output: {} }, theirs)).body.status).toBe('completed');
  });
});
