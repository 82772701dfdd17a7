import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLoopback, startSink, type Loopback } from './loopback.ts';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const CANARY = 'canary-3f9b2c7d-secret';
const directory = temporaryDirectory();
let service: RunningService;
let psp: Loopback;

beforeAll(async () => {
  psp = await startLoopback();
  service = await startService(directory.path, { env: { ERRAND_EGRESS_ALLOW: `127.0.0.1:${psp.port},127.0.0.1:9` } });
  await connect('psp', `${psp.url}/api`, CANARY);
  await publish('charge', {});
  await publish('charge.callback', { waitFor: 'callback' });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await psp.close();
  directory.remove();
});
beforeEach(() => {
  psp.seen.length = 0;
  psp.reply = () => ({ status: 200, body: { id: 'ch_1', amount: 5 } });
});

async function connect(name: string, baseUrl: string, token: string): Promise<void> {
  const { status, body } = await service.call('PUT', `/v1/connections/${name}`, { baseUrl, auth: { type: 'bearer', token } });
  expect([status, body]).toEqual([201, expect.anything()]);
}

async function publish(name: string, request: Record<string, unknown>): Promise<void> {
  const { status, body } = await service.call('POST', '/v1/task-types', {
    name,
    version: 1,
    kind: 'integration',
    inputSchema: { type: 'object', properties: { amount: {}, path: {} } },
    outputSchema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
    retry: { maxAttempts: 3, initialInterval: 'PT0.05S', maxInterval: 'PT2S', jitter: 'none' },
    request: { connection: 'psp', method: 'POST', path: '/charges', body: { amount: '${input.amount}', ref: '${task.id}' }, ...request },
  });
  expect([status, body]).toEqual([201, expect.anything()]);
}

async function submit(type: string, input: unknown = { amount: 5 }, more: Record<string, unknown> = {}): Promise<any> {
  const { status, body } = await service.call('POST', '/v1/tasks', { type, input, ...more });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

async function until(id: string, holds: (task: any) => boolean): Promise<any> {
  let { body } = await service.call('GET', `/v1/tasks/${id}`);
  while (!holds(body)) ({ body } = await service.call('GET', `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=${body.revision}`));
  return body;
}
const ended = (id: string): Promise<any> => until(id, ({ endedAt }) => endedAt !== undefined);
const waiting = (id: string): Promise<any> => until(id, ({ status }) => status === 'waiting');

describe('an integration task', () => {
  it('is performed by a third party, with the stored credential and its own idempotency key', async () => {
    const { id } = await submit('charge');
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { id: 'ch_1', amount: 5 }, route: { executor: 'integration' } });
    expect(psp.seen).toMatchObject([{ method: 'POST', url: '/api/charges', body: { amount: 5, ref: id } }]);
    expect(psp.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${CANARY}`, 'idempotency-key': id });
    for (const name of Object.keys(psp.seen[0]?.headers ?? {})) expect(name).not.toMatch(/^(?:mf-|cf-|errand-outbound)/);
  });

  it('is tried again under the same key, after the wait the third party asks for', async () => {
    const replies = [{ status: 500 }, { status: 429, headers: { 'retry-after': '1' } }, { status: 201, body: { id: 'ch_2' } }];
    psp.reply = () => replies.shift() ?? { status: 500 };
    const began = Date.now();
    const { id } = await submit('charge');
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 3 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(new Set(psp.seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([id]));
    const { items } = (await service.call('GET', `/v1/tasks/${id}/attempts`)).body;
    expect(items.map(({ error }: any) => error?.code)).toEqual(['upstream.unavailable', 'upstream.rate_limited', undefined]);
  });

  it('is tried again though the refusal is no JSON, or more than is read', async () => {
    const replies = [
      { status: 503, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: 'not packed at all' },
      { status: 500, body: 'x'.repeat(2_000_000) },
      { status: 201, body: { id: 'ch_4' } },
    ];
    psp.reply = () => replies.shift() ?? { status: 400 };
    const { id } = await submit('charge');
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 3, output: { id: 'ch_4' } });
  });

  it('may take longer than a timer of the platform reaches', async () => {
    psp.reply = () => ({ status: 201, body: { id: 'ch_5' } });
    const { id } = await submit('charge', { amount: 5 }, { timeouts: { startToClose: 'P60D' } });
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('keeps its key over a redrive', async () => {
    psp.reply = () => ({ status: 400, body: { error: 'no' } });
    const { id } = await submit('charge');
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'upstream.client_error', retryable: false } });
    psp.reply = () => ({ status: 200, body: { id: 'ch_3' } });
    await service.call('POST', `/v1/tasks/${id}/redrive`);
    expect(await ended(id)).toMatchObject({ status: 'completed', generation: 2 });
    expect(psp.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([id, id]);
  });

  it('fails for an output that its type does not have', async () => {
    psp.reply = () => ({ status: 200, body: { id: 7 } });
    const { id } = await submit('charge');
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'output_invalid' } });
  });

  it('says why there is no answer, and tries again where that may help', async () => {
    // Nothing listens on the port of the discard protocol, and the third party speaks no TLS.
    await connect('down', 'http://127.0.0.1:9', 'x');
    await connect('plain', `https://127.0.0.1:${psp.port}`, 'x');
    await publish('charge.down', { connection: 'down' });
    await publish('charge.plain', { connection: 'plain' });
    await publish('charge.nowhere', { connection: 'nowhere' });
    const failures = await Promise.all(['down', 'plain', 'nowhere'].map(async (name) => ended((await submit(`charge.${name}`)).id)));
    expect(failures.map(({ status, attempt, error }) => [status, attempt, error.code])).toEqual([
      ['failed', 3, 'upstream.connection'],
      ['failed', 1, 'upstream.tls'],
      ['failed', 1, 'connection_not_found'],
    ]);
  });

  it('connects to no place but the allowed one, by redirect or by name', async () => {
    const sink = await startSink();
    psp.reply = () => ({ status: 307, headers: { location: `http://127.0.0.1:${sink.port}/` } });
    const redirected = await submit('charge');
    expect(await ended(redirected.id)).toMatchObject({ status: 'failed', error: { code: 'upstream.redirect' } });
    for (const baseUrl of [
      `http://127.0.0.1:${sink.port}`,
      `https://127.0.0.1:${sink.port}`,
      `https://2130706433:${sink.port}`,
      `https://[::ffff:127.0.0.1]:${sink.port}`,
      `https://localhost:${sink.port}`,
      `http://user:pass@127.0.0.1:${psp.port}`,
      'http://example.com',
      'https://169.254.169.254/latest',
      'nonsense',
    ]) {
      const { status, body } = await service.call('POST', '/v1/connections', { name: 'evil', baseUrl, auth: { type: 'none' } });
      expect([baseUrl, status, body.code, body.errors?.[0]?.pointer]).toEqual([baseUrl, 422, 'blocked_destination', '#/baseUrl']);
    }
    expect(sink.connections()).toBe(0);
    await sink.close();
  });
});

describe('a callback', () => {
  async function pending(): Promise<{ id: string; path: string }> {
    psp.reply = () => ({ status: 202, body: {} });
    const { id } = await submit('charge.callback');
    await waiting(id);
    const url = String(psp.seen[0]?.headers['errand-callback-url']);
    expect(url.startsWith(`${service.url}/v1/callbacks/`)).toBe(true);
    return { id, path: url.slice(service.url.length) };
  }
  const noKey = { authorization: '' };

  it('finishes the task once, without a key', async () => {
    const { id, path } = await pending();
    expect((await service.call('POST', path, { heartbeat: { done: 0.5 } }, noKey)).status).toBe(202);
    expect((await service.call('POST', path, { output: { id: 'ch_9' } }, noKey)).status).toBe(202);
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { id: 'ch_9' } });
    const again = await service.call('POST', path, { output: { id: 'ch_9' } }, noKey);
    expect([again.status, again.body.code]).toEqual([410, 'token_used']);
    expect((await service.call('POST', path, { heartbeat: {} }, noKey)).status).toBe(410);
  });

  it('with an invalid output is refused, and the token stays good', async () => {
    const { id, path } = await pending();
    const refused = await service.call('POST', path, { output: { id: 1 } }, noKey);
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([422, 'output_invalid', '#/output/id']);
    for (const body of [{}, { output: 1, error: {} }, { error: { code: 'x' } }, { heartbeat: 1 }, { output: {}, more: 1 }])
      expect((await service.call('POST', path, body, noKey)).status).toBe(422);
    expect((await service.call('POST', path, { output: { id: 'ch_9' } }, noKey)).status).toBe(202);
    expect((await ended(id)).status).toBe('completed');
  });

  it('with an error fails the attempt, whose token is used then', async () => {
    const { id, path } = await pending();
    const error = { code: 'card.declined', message: 'No.', retryable: false };
    expect((await service.call('POST', path, { error }, noKey)).status).toBe(202);
    expect(await ended(id)).toMatchObject({ status: 'failed', error });
    expect((await service.call('POST', path, { output: { id: 'x' } }, noKey)).status).toBe(410);
  });

  it('that comes twenty times at once is heard once', async () => {
    const { id, path } = await pending();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.call('POST', path, { output: { id: 'ch' } }, noKey)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 410)]);
    const { items } = (await service.call('GET', `/v1/tasks/${id}/events`)).body;
    expect(items.filter(({ type }: any) => type === 'task.completed')).toHaveLength(1);
    expect(items.filter(({ type }: any) => type === 'task.result_refused').length).toBeLessThanOrEqual(19);
  });

  it('with a forged token finds nothing', async () => {
    const { path } = await pending();
    const last = path.endsWith('A') ? 'B' : 'A';
    for (const forged of [`${path.slice(0, -1)}${last}`, path.replace('callback_', 'lease_'), '/v1/callbacks/x', `${path}x`]) {
      const { status, body } = await service.call('POST', forged, { output: {} }, noKey);
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('the ending of a task', () => {
  it('is told to its callbackUrl, signed, again and again until it is taken, under one id', async () => {
    const replies = [{ status: 500 }, { status: 200 }];
    psp.reply = (request) => (request.url === '/done?x=1' ? (replies.shift() ?? { status: 200 }) : { status: 200, body: { id: 'ch_1' } });
    const { id } = await submit('charge', { amount: 1 }, { callbackUrl: `${psp.url}/done?x=1` });
    await ended(id);
    while (psp.seen.filter(({ url }) => url === '/done?x=1').length < 2) await new Promise((done) => setTimeout(done, 100));
    const [first, second] = psp.seen.filter(({ url }) => url === '/done?x=1');
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toMatchObject({ type: 'task.completed', data: { id, status: 'completed', output: { id: 'ch_1' } } });
    for (const { headers, body } of [first, second] as any[]) {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${JSON.stringify(body)}`;
      const key = Buffer.from(service.signingSecret.replace('whsec_', ''), 'base64');
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    }
  }, 20_000);

  it('is told no more once the receiver says 410', async () => {
    psp.reply = ({ url }) => (url === '/gone' ? { status: 410 } : { status: 200, body: { id: 'ch_1' } });
    const { id } = await submit('charge', { amount: 1 }, { callbackUrl: `${psp.url}/gone` });
    await ended(id);
    const find = async (): Promise<any> => (await service.call('GET', '/v1/tasks?system=true&type=errand.callback&limit=1')).body.items[0];
    let delivery = await find();
    while (delivery?.endedAt === undefined || delivery.input.taskId !== id) delivery = await find();
    expect(delivery).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'upstream.gone' } });
  });

  it.each(['http://127.0.0.1:1/', 'https://localhost/', 'http://example.com/', 'https://[::1]/', 'https://10.0.0.1/', 'ftp://x', 7])(
    'is not told to %s',
    async (callbackUrl) => {
      const { status, body } = await service.call('POST', '/v1/tasks', { type: 'charge', input: { amount: 1 }, callbackUrl });
      const code = callbackUrl === 7 ? 'input_invalid' : 'blocked_destination';
      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, code, '#/callbackUrl']);
    },
  );
});

describe('a connection', () => {
  it('is created, shown without its secrets, replaced and deleted', async () => {
    const auth = { type: 'basic', username: 'u', password: CANARY };
    const created = await service.call('POST', '/v1/connections', { name: 'shop', baseUrl: psp.url, auth });
    expect([created.status, created.headers.get('location')]).toEqual([201, '/v1/connections/shop']);
    expect(created.body).toEqual({
      name: 'shop',
      baseUrl: `${psp.url}/`,
      auth: { type: 'basic' },
      version: 1,
      createdAt: expect.any(String),
    });
    expect((await service.call('POST', '/v1/connections', { name: 'shop', baseUrl: psp.url, auth })).status).toBe(409);
    const replaced = await service.call('PUT', '/v1/connections/shop', {
      baseUrl: psp.url,
      auth: { type: 'apiKey', in: 'header', name: 'X-Key', value: CANARY },
    });
    expect([replaced.status, replaced.body.version, replaced.body.auth]).toEqual([200, 2, { type: 'apiKey', in: 'header', name: 'X-Key' }]);
    const { items } = (await service.call('GET', '/v1/connections?limit=1')).body;
    expect(items).toHaveLength(1);
    expect((await service.call('GET', '/v1/connections/shop')).body).toEqual(replaced.body);
    const tried = await service.call('POST', '/v1/connections/shop/test', { path: '/me' });
    expect(tried.body).toMatchObject({ ok: true, status: 200 });
    expect(psp.seen.at(-1)).toMatchObject({ method: 'GET', url: '/me', headers: { 'x-key': CANARY } });
    psp.reply = () => ({ status: 401 });
    expect((await service.call('POST', '/v1/connections/shop/test')).body).toMatchObject({
      ok: false,
      error: { code: 'credential_invalid' },
    });
    expect((await service.call('DELETE', '/v1/connections/shop')).status).toBe(204);
    for (const [method, path] of [
      ['GET', '/v1/connections/shop'],
      ['DELETE', '/v1/connections/shop'],
      ['POST', '/v1/connections/shop/test'],
    ] as const)
      expect((await service.call(method, path)).status).toBe(404);
  });

  it.each([
    [
      'oauth2',
      { type: 'oauth2', grant: 'client_credentials', tokenUrl: 'https://x.example', clientId: 'a', clientSecret: 'b' },
      'unsupported_auth',
    ],
    ['an unknown auth', { type: 'magic' }, 'input_invalid'],
    ['a token with a line break', { type: 'bearer', token: 'a\r\nb' }, 'input_invalid'],
    ['a reserved header', { type: 'apiKey', in: 'header', name: 'Host', value: 'x' }, 'input_invalid'],
    ['a member too many', { type: 'none', token: 'x' }, 'input_invalid'],
  ])('with %s is refused', async (_what, auth, code) => {
    const { status, body } = await service.call('POST', '/v1/connections', { name: 'bad', baseUrl: psp.url, auth });
    expect([status, body.code]).toEqual([422, code]);
  });
});

describe('a secret', () => {
  it('is in no answer, no log and no file', async () => {
    psp.reply = ({ headers }) => ({ status: 400, body: { echo: headers } });
    const { id } = await submit('charge');
    await ended(id);
    const answers = await Promise.all(
      [
        `/v1/tasks/${id}`,
        `/v1/tasks/${id}/events`,
        `/v1/tasks/${id}/attempts`,
        '/v1/connections',
        '/v1/connections/psp',
        '/openapi.json',
      ].map(async (path) => JSON.stringify((await service.call('GET', path)).body)),
    );
    expect(answers.join('')).not.toContain(CANARY);
    expect(service.printed()).not.toContain(CANARY);
    const hits = readdirSync(directory.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(CANARY));
    expect(hits).toEqual([]);
  });
});
