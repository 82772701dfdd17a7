import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Assignment } from '@errand/core/assignment';
import type { Json } from '@errand/core/json';
import type { RequestTemplate } from '@errand/core/task-type';
import type { Task } from '@errand/core/task';
import type { ConnectionAuth } from './connection.ts';
import { createEgressGuard } from './egress.ts';
import { CredentialFault, createIntegrationExecutor } from './integration-executor.ts';
import { guardedOutbound, type Outbound } from './outbound.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A third party on loopback that answers what a test tells it, and remembers what it was asked. */
const seen: Seen[] = [];
let reply: { status: number; headers?: Record<string, string>; body?: string } = { status: 200 };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body ?? '');
  });
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => {
  seen.length = 0;
  reply = { status: 200, body: '{"id":"ch_1","ok":true}' };
});

const overFetch: Outbound = async ({ url, method, headers, body, signal }) => {
  const response = await fetch(url, { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { ok: true, response: { status: response.status, headers: Object.fromEntries(response.headers), body: bytes } };
};

const NOW = Date.UTC(2026, 0, 1);
const REQUEST: RequestTemplate = {
  connection: 'psp',
  method: 'POST',
  path: '/charges',
  query: {},
  headers: {},
  body: { amount: '${input.amount}', ref: '${task.id}' },
  output: '${response.body}',
  waitFor: 'none',
  waitWhen: '${response.status == 202}',
};

interface Over {
  request?: Partial<RequestTemplate>;
  input?: Json;
  auth?: ConnectionAuth | 'missing' | 'sealed' | undefined;
  basePath?: string;
  task?: Partial<Task>;
}

async function perform({ request, input = { amount: 5 }, auth = { type: 'none' }, basePath = '/v1', task }: Over = {}) {
  const logs: string[] = [];
  const guard = createEgressGuard([{ host: '127.0.0.1', port }]);
  const executor = createIntegrationExecutor({
    requestOf: async () => ({ ...REQUEST, ...request }),
    connectionOf: async (_namespace, name) => {
      if (auth === 'sealed') throw new CredentialFault('The credential cannot be opened.');
      return auth === 'missing' ? undefined : { name, baseUrl: `http://127.0.0.1:${port}${basePath}`, auth };
    },
    callbackUrl: (_task, fence) => `https://errand.example/v1/callbacks/token-${fence}`,
    meetingOf: async (_task, correlation) => `default/0/ledger/0#${correlation}`,
    send: guardedOutbound(overFetch, guard, 'follow'),
    now: () => NOW,
  });
  const assignment = {
    task: { id: 'task_1', namespace: 'default', type: 't', version: 1, attempt: 2, generation: 1, input, timeouts: {}, ...task },
    fence: 7,
    leaseUntil: 0,
  } as unknown as Assignment;
  const work = {
    signal: new AbortController().signal,
    whenStopped: () => {},
    heartbeat: () => {},
    log: ({ message }: { message: string }) => void logs.push(message),
  };
  return { outcome: await executor.perform(assignment, work), logs };
}

describe('an integration task', () => {
  it('becomes one HTTP call, and the answer its output', async () => {
    const { outcome, logs } = await perform({
      request: { query: { q: '${input.amount}', tag: ['a', 'b'], none: '${null}' }, headers: { 'X-Trace': 'n-${task.attempt}' } },
    });
    expect(outcome).toEqual({ kind: 'completed', output: { id: 'ch_1', ok: true } });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/charges?q=5&tag=a&tag=b', body: '{"amount":5,"ref":"task_1"}' });
    expect(seen[0]?.headers).toMatchObject({ 'idempotency-key': 'task_1', 'x-trace': 'n-2', 'content-type': 'application/json' });
    expect(logs).toEqual([`POST http://127.0.0.1:${port}/v1/charges → 200 in 0 ms`]);
  });

  it('keeps its idempotency key over attempts and generations', async () => {
    for (const task of [{ attempt: 1 }, { attempt: 2 }, { attempt: 1, generation: 3 }]) await perform({ task });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['task_1']));
  });

  it.each<[string, ConnectionAuth, string, string]>([
    ['bearer', { type: 'bearer', token: 'tok-1' }, 'authorization', 'Bearer tok-1'],
    ['basic', { type: 'basic', username: 'ü', password: 'p:w' }, 'authorization', `Basic ${Buffer.from('ü:p:w').toString('base64')}`],
    ['apiKey in a header', { type: 'apiKey', in: 'header', name: 'X-Key', value: 'k-1' }, 'x-key', 'k-1'],
  ])('proves who calls by %s', async (_name, auth, header, value) => {
    await perform({ auth, request: { headers: { 'x-key': 'forged' } } });
    expect(seen[0]?.headers[header]).toBe(value);
  });

  it('proves who calls by a parameter that no input replaces, and logs none', async () => {
    const { logs } = await perform({
      auth: { type: 'apiKey', in: 'query', name: 'key', value: 's3cret-value' },
      request: { query: { key: '${input.amount}' } },
    });
    expect(seen[0]?.url).toBe('/v1/charges?key=s3cret-value');
    expect(logs.join()).not.toContain('s3cret-value');
  });

  it('sends a form where the type says so', async () => {
    await perform({
      request: { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: { a: '${input.amount}', b: ['x', 'y z'] } },
    });
    expect(seen[0]).toMatchObject({ body: 'a=5&b=x&b=y+z' });
  });

  it('hides a credential that the third party echoes', async () => {
    reply = { status: 400, body: JSON.stringify({ echo: 'Bearer tok-secret', 'tok-secret': [1] }) };
    const { outcome } = await perform({ auth: { type: 'bearer', token: 'tok-secret' } });
    expect(JSON.stringify(outcome)).not.toContain('tok-secret');
    expect(outcome).toMatchObject({ error: { details: { body: { echo: 'Bearer [redacted]' } } } });
  });
});

describe('a path', () => {
  it.each([
    ['a/b', '/v1/items/a%2Fb/x'],
    ['a?b#c', '/v1/items/a%3Fb%23c/x'],
    ['%2e%2e', '/v1/items/%252e%252e/x'],
    ['..\\..', '/v1/items/..%5C../x'],
    ['ü', '/v1/items/%C3%BC/x'],
    [12, '/v1/items/12/x'],
  ])('takes the value %j as one segment', async (id, url) => {
    const { outcome } = await perform({ input: { id }, request: { path: '/items/${input.id}/x', body: null } });
    expect([outcome.kind, seen[0]?.url]).toEqual(['completed', url]);
  });

  it.each([['..'], ['.'], [''], [null], [{}], [['a']]])('is refused with the value %j, and nothing is called', async (id) => {
    const { outcome } = await perform({ input: { id }, request: { path: '/items/${input.id}', body: null } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'template_invalid', retryable: false } });
    expect(seen).toHaveLength(0);
  });

  it.each(['/a/../b', '/a?b=c', '/a#b', '/a\\b', '/%2e%2e/b', '/a b'])('is refused as %s', async (path) => {
    const { outcome } = await perform({ request: { path } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'template_invalid', retryable: false } });
  });

  it('stays on the host even when it begins like one', async () => {
    await perform({ request: { path: '//evil.example/x' }, basePath: '' });
    expect(seen[0]?.url).toBe('//evil.example/x');
  });
});

describe('an answer', () => {
  it.each([
    [200, 'completed', undefined, undefined],
    [204, 'completed', undefined, undefined],
    [400, 'failed', 'upstream.client_error', false],
    [404, 'failed', 'upstream.client_error', false],
    [408, 'failed', 'upstream.unavailable', true],
    [425, 'failed', 'upstream.unavailable', true],
    [429, 'failed', 'upstream.rate_limited', true],
    [500, 'failed', 'upstream.unavailable', true],
    [503, 'failed', 'upstream.unavailable', true],
    [304, 'failed', 'upstream.redirect', false],
  ])('%i means %s', async (status, kind, code, retryable) => {
    reply = { status };
    const { outcome } = await perform();
    expect(outcome).toMatchObject(code === undefined ? { kind } : { kind, error: { code, retryable } });
  });

  it.each([
    ['2', 2_000],
    [new Date(NOW + 5_000).toUTCString(), 5_000],
    ['99999999', 86_400_000],
    ['-1', undefined],
    ['0', undefined],
    ['soon', undefined],
    [new Date(NOW - 5_000).toUTCString(), undefined],
  ])('with Retry-After "%s" is waited for %j ms', async (header, delayMs) => {
    reply = { status: 429, headers: { 'retry-after': header } };
    const { outcome } = await perform();
    expect(outcome.kind === 'failed' && outcome.nextRetryDelayMs).toBe(delayMs);
  });

  it('with Retry-After on a final status changes nothing', async () => {
    reply = { status: 400, headers: { 'retry-after': '2' } };
    expect((await perform()).outcome).not.toHaveProperty('nextRetryDelayMs');
  });

  it('is text unless it says that it is JSON', async () => {
    reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: '{"a":1}' };
    expect((await perform()).outcome).toEqual({ kind: 'completed', output: '{"a":1}' });
  });

  it.each(['{"a":', '['.repeat(100) + ']'.repeat(100)])('that is no JSON we can keep is no result: %s', async (body) => {
    reply = { status: 200, body };
    expect((await perform()).outcome).toMatchObject({ kind: 'failed', error: { code: 'upstream.invalid_response' } });
  });

  it.each([
    [503, 'upstream.unavailable', true, 2_000],
    [429, 'upstream.rate_limited', true, 2_000],
    [404, 'upstream.client_error', false, undefined],
  ])('that refuses with %i means its status, though its JSON is broken', async (status, code, retryable, delayMs) => {
    reply = { status, headers: { 'retry-after': '2' }, body: '{"error":' };
    const { outcome } = await perform();
    expect(outcome).toMatchObject({ kind: 'failed', error: { code, retryable, details: { status, body: '{"error":' } } });
    expect(outcome.kind === 'failed' && outcome.nextRetryDelayMs).toBe(delayMs);
  });

  it('that leaves the work open lets the task wait', async () => {
    reply = { status: 202, body: '{"id":17}' };
    const callback = await perform({ request: { waitFor: 'callback' } });
    expect(callback.outcome).toEqual({ kind: 'waiting', for: 'callback' });
    expect(seen[0]?.headers['errand-callback-url']).toBe('https://errand.example/v1/callbacks/token-7');
    const event = await perform({ request: { waitFor: 'event', correlation: '${response.body.id}' } });
    expect(event.outcome).toEqual({ kind: 'waiting', for: 'event', correlation: '17', meeting: 'default/0/ledger/0#17' });
    expect(seen[1]?.headers).not.toHaveProperty('errand-callback-url');
    expect((await perform()).outcome.kind).toBe('completed');
  });

  it('that leads elsewhere is followed within its origin, method and body kept', async () => {
    let hops = 0;
    const send: Outbound = async (request) => {
      hops += 1;
      const location = hops === 1 ? '/v1/other' : undefined;
      if (location === undefined) return overFetch(request);
      return { ok: true, response: { status: 307, headers: { location }, body: new Uint8Array() } };
    };
    const guard = createEgressGuard([{ host: '127.0.0.1', port: '*' }]);
    const base = { method: 'POST', headers: {}, body: 'x', timeoutMs: 1_000, signal: new AbortController().signal };
    const answer = await guardedOutbound(send, guard, 'follow')({ ...base, url: `http://127.0.0.1:${port}/v1/a` });
    expect([answer.ok, seen[0]?.method, seen[0]?.url, seen[0]?.body]).toEqual([true, 'POST', '/v1/other', 'x']);
  });

  it.each([
    [307, 'http://127.0.0.1:1/'],
    [302, '/elsewhere'],
    [303, '/elsewhere'],
    [308, 'http://169.254.169.254/'],
    [307, '/v1/charges'],
  ])('%i to %s is not followed for a POST (or not for ever)', async (status, location) => {
    reply = { status, headers: { location } };
    expect((await perform()).outcome).toMatchObject({ kind: 'failed', error: { code: 'upstream.redirect', retryable: false } });
  });
});

describe('what cannot be called', () => {
  it('names the reason: no connection, a sealed credential, a blocked destination, a missing member', async () => {
    expect((await perform({ auth: 'missing' })).outcome).toMatchObject({ error: { code: 'connection_not_found', retryable: false } });
    expect((await perform({ auth: 'sealed' })).outcome).toMatchObject({ error: { code: 'credential_invalid', retryable: false } });
    expect((await perform({ input: {} })).outcome).toMatchObject({ error: { code: 'template_invalid', retryable: false } });
    const blocked = await guardedOutbound(
      overFetch,
      createEgressGuard([]),
      'follow',
    )({
      url: `http://127.0.0.1:${port}/`,
      method: 'GET',
      headers: {},
      timeoutMs: 1_000,
      signal: new AbortController().signal,
    });
    expect(blocked).toMatchObject({ ok: false, fault: { kind: 'blocked' } });
    expect(seen).toHaveLength(0);
  });

  it.each(['Authorization', 'Idempotency-Key', 'Host', 'Content-Length', 'X Y', 'proxy-authorization'])(
    'the header %s belongs to others',
    async (name) => {
      expect((await perform({ request: { headers: { [name]: 'x' } } })).outcome).toMatchObject({ error: { code: 'template_invalid' } });
    },
  );

  it('no value breaks out of a header', async () => {
    const { outcome } = await perform({ input: { amount: 'a\r\nx-evil: 1' }, request: { headers: { 'x-a': '${input.amount}' } } });
    expect(outcome).toMatchObject({ error: { code: 'template_invalid' } });
  });
});
