import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLoopback, type Loopback } from './loopback.ts';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const OLD_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const directory = temporaryDirectory();
let service: RunningService;
let psp: Loopback;
let hook: Hook;

interface Hook {
  readonly id: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

beforeAll(async () => {
  psp = await startLoopback();
  service = await start();
  await prepare({});
  hook = await createHook();
}, 60_000);
afterAll(async () => {
  await service.stop();
  await psp.close();
  directory.remove();
});
beforeEach(() => {
  psp.reply = ({ body }) => ({ status: 202, body: { id: body.charge } });
});

function start(): Promise<RunningService> {
  return startService(directory.path, { env: { ERRAND_EGRESS_ALLOW: `127.0.0.1:${psp.port}` } });
}

/** What a namespace needs: a connection, and types for each kind of task. */
async function prepare(headers: Record<string, string>): Promise<void> {
  const call = async (method: string, path: string, body: unknown): Promise<void> =>
    expect((await service.call(method, path, body, headers)).status).toBe(201);
  await call('PUT', '/v1/connections/psp', { baseUrl: psp.url, auth: { type: 'none' } });
  await call('POST', '/v1/task-types', {
    name: 'charge',
    version: 1,
    kind: 'integration',
    inputSchema: { type: 'object', required: ['charge'] },
    outputSchema: { type: 'object', required: ['paid'], properties: { paid: { type: 'boolean' } } },
    retry: { maxAttempts: 2, initialInterval: 'PT0.05S', jitter: 'none' },
    request: {
      connection: 'psp',
      method: 'POST',
      path: '/charges',
      body: { charge: '${input.charge}' },
      waitFor: 'event',
      correlation: '${response.body.id}',
    },
  });
  await call('POST', '/v1/task-types', {
    name: 'review',
    version: 1,
    kind: 'manual',
    inputSchema: { type: 'object', required: ['order'], properties: { order: { type: 'string' } } },
    outputSchema: {},
  });
}

async function createHook(headers: Record<string, string> = {}): Promise<Hook> {
  const { status, body } = await service.call(
    'POST',
    '/v1/hooks',
    {
      name: 'psp',
      preset: 'standard-webhooks',
      secrets: [SECRET, OLD_SECRET],
      on: [
        { when: "${event.type == 'paid'}", complete: { correlation: '${event.data.id}', output: { paid: '${event.data.paid}' } } },
        { when: "${event.type == 'order'}", submit: { type: 'review', input: { order: '${event.data.order}' }, tags: ['from-hook'] } },
        { when: "${event.type == 'thrice'}", submit: { type: 'example.echo', input: { value: ['${event}', '${event}', '${event}'] } } },
        { when: "${event.type == 'sum'}", submit: { type: 'example.sum', input: '${event.data}' } },
      ],
    },
    headers,
  );
  expect([status, body]).toEqual([201, expect.objectContaining({ preset: 'standard-webhooks' })]);
  expect(body).not.toHaveProperty('secrets');
  expect(body.url).toBe(`${service.url}/v1/hooks/${body.id}`);
  return { id: body.id, path: `/v1/hooks/${body.id}`, headers };
}

interface Sent {
  readonly id?: string;
  readonly secret?: string;
  readonly ageS?: number;
  readonly headers?: Record<string, string>;
  readonly hook?: Hook;
}

let events = 0;
async function deliver(event: unknown, { id, secret = SECRET, ageS = 0, headers = {}, hook: to = hook }: Sent = {}) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const eventId = id ?? `evt_${(events += 1)}`;
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageS);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${eventId}.${timestamp}.${body}`).digest('base64');
  const signed = { 'webhook-id': eventId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return service.call('POST', to.path, body, { authorization: '', ...signed, ...headers });
}

async function waiting(charge: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await service.call('POST', '/v1/tasks', { type: 'charge', input: { charge } }, headers);
  expect(status).toBe(201);
  await until(body.id, (task) => task.status === 'waiting', headers);
  return body.id;
}

async function until(id: string, holds: (task: any) => boolean, headers: Record<string, string> = {}): Promise<any> {
  let { body } = await service.call('GET', `/v1/tasks/${id}`, undefined, headers);
  while (!holds(body))
    ({ body } = await service.call('GET', `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=${body.revision}`, undefined, headers));
  return body;
}
const ended = (id: string, headers?: Record<string, string>): Promise<any> => until(id, ({ endedAt }) => endedAt !== undefined, headers);

/** The delivery once it has been processed. */
async function outcome(id: string, { path, headers }: Hook = hook): Promise<any> {
  for (;;) {
    const { body } = await service.call('GET', `${path}/deliveries?limit=200`, undefined, headers);
    const found = body.items.find((one: any) => one.id === id);
    if (found !== undefined && found.outcome !== 'processing') return found;
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('an event', () => {
  it('finishes the task that waits for it, under either secret', async () => {
    for (const secret of [SECRET, OLD_SECRET]) {
      const id = await waiting(`ch_${secret.length}`);
      const { status, body } = await deliver({ type: 'paid', data: { id: `ch_${secret.length}`, paid: true } }, { secret });
      expect(status).toBe(202);
      expect(await ended(id)).toMatchObject({ status: 'completed', output: { paid: true }, attempt: 1 });
      expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'completed', taskId: id });
      const { items } = (await service.call('GET', `/v1/tasks/${id}/events`)).body;
      expect(items.at(-1)).toMatchObject({ type: 'task.completed', actor: { kind: 'hook', id: hook.id }, reason: body.deliveryId });
    }
  });

  it('that comes before its task is kept for it', async () => {
    const { body } = await deliver({ type: 'paid', data: { id: 'ch_early', paid: true } });
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'early' });
    const { body: task } = await service.call('POST', '/v1/tasks', { type: 'charge', input: { charge: 'ch_early' } });
    expect(await ended(task.id)).toMatchObject({ status: 'completed', output: { paid: true } });
    let found = await outcome(body.deliveryId);
    while (found.outcome === 'early') found = await outcome(body.deliveryId);
    expect(found).toMatchObject({ outcome: 'completed', taskId: task.id });
  });

  it('creates a task of a person or of code, once', async () => {
    const { body } = await deliver({ type: 'order', data: { order: 'o-1' } });
    const { taskId, outcome: became } = await outcome(body.deliveryId);
    expect(became).toBe('submitted');
    const task = (await service.call('GET', `/v1/tasks/${taskId}`)).body;
    expect(task).toMatchObject({ kind: 'manual', status: 'waiting', input: { order: 'o-1' }, tags: ['from-hook'] });
    const sum = await deliver({ type: 'sum', data: { a: 1, b: 41 } });
    expect(await ended((await outcome(sum.body.deliveryId)).taskId)).toMatchObject({ output: { sum: 42 } });
  });

  it('that a rule makes more of than a task may have makes none', async () => {
    const { body } = await deliver({ type: 'thrice', data: 'x'.repeat(900_000) });
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'failed', error: { code: 'payload_too_large' } });
    const small = await deliver({ type: 'thrice', data: 'x' });
    expect(await outcome(small.body.deliveryId)).toMatchObject({ outcome: 'submitted' });
  });

  it('may come to a URL with whatever its sender put behind it', async () => {
    const behind = { ...hook, path: `${hook.path}?tag=a&tag=b&limit=x` };
    const { status, body } = await deliver({ type: 'sum', data: { a: 1, b: 2 } }, { hook: behind });
    expect(status).toBe(202);
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'submitted' });
  });

  it('that no rule is for changes nothing, and is listed', async () => {
    const { body } = await deliver({ type: 'unheard-of', data: { n: 1 } });
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'ignored' });
    const odd = await deliver({ n: 2 });
    expect(await outcome(odd.body.deliveryId)).toMatchObject({ outcome: 'ignored', error: { code: 'template_invalid' } });
  });

  it.each([
    ['is no JSON', '{"type":', 'malformed'],
    ['makes no valid input', { type: 'order', data: { order: 7 } }, 'input_invalid'],
    ['lacks a member that the rule needs', { type: 'order', data: {} }, 'template_invalid'],
    ['has a correlation that is none', { type: 'paid', data: { id: {}, paid: true } }, 'template_invalid'],
  ])('that %s is accepted and shown as failed', async (_what, event, code) => {
    const { status, body } = await deliver(event);
    expect(status).toBe(202);
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'failed', error: { code } });
  });

  it('whose output the type refuses leaves the task waiting for the next', async () => {
    const id = await waiting('ch_refused');
    const bad = await deliver({ type: 'paid', data: { id: 'ch_refused', paid: 'perhaps' } });
    expect(await outcome(bad.body.deliveryId)).toMatchObject({ outcome: 'failed', taskId: id, error: { code: 'output_invalid' } });
    expect((await service.call('GET', `/v1/tasks/${id}`)).body.status).toBe('waiting');
    await deliver({ type: 'paid', data: { id: 'ch_refused', paid: true } });
    expect(await ended(id)).toMatchObject({ status: 'completed' });
  });

  it('for a task that was canceled finds the next one', async () => {
    const first = await waiting('ch_two');
    const second = await waiting('ch_two');
    await service.call('POST', `/v1/tasks/${first}/cancel`);
    const { body } = await deliver({ type: 'paid', data: { id: 'ch_two', paid: true } });
    expect(await ended(second)).toMatchObject({ status: 'completed' });
    expect(await outcome(body.deliveryId)).toMatchObject({ outcome: 'completed', taskId: second });
    expect((await service.call('GET', `/v1/tasks/${first}`)).body.status).toBe('canceled');
  });
});

describe('a delivery', () => {
  it('that comes fifty times at once has one effect', async () => {
    const event = { type: 'sum', data: { a: 50, b: 50 } };
    const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(event, { id: 'evt_fifty' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 49 }, () => 200), 202]);
    expect(new Set(answers.map(({ body }) => body.deliveryId)).size).toBe(1);
    const byBody = await deliver(event, { id: 'evt_another_id' });
    const byId = await deliver({ type: 'sum', data: { a: 1, b: 1 } }, { id: 'evt_fifty' });
    expect([byBody.status, byId.status]).toEqual([200, 200]);
    const { taskId } = await outcome(answers[0]?.body.deliveryId);
    await ended(taskId);
    const tasks = (await service.call('GET', '/v1/tasks?type=example.sum&limit=200')).body.items;
    expect(tasks.filter((task: any) => task.input.a === 50)).toHaveLength(1);
  });

  it.each<[string, Sent | Record<string, string>]>([
    ['another secret', { secret: `whsec_${randomBytes(24).toString('base64')}` }],
    ['an old timestamp', { ageS: 400 }],
    ['a timestamp from the future', { ageS: -400 }],
    ['another id than was signed', { headers: { 'webhook-id': 'evt_forged' } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['eleven signatures', { headers: { 'webhook-signature': 'v1,a '.repeat(11).trim() } }],
  ])('with %s is 401, has no effect, and is listed', async (_what, sent) => {
    const before = (await service.call('GET', '/v1/tasks:count?type=example.sum')).body.count;
    const { status, body } = await deliver({ type: 'sum', data: { a: 7, b: 7 } }, sent);
    expect([status, body.code]).toEqual([401, 'bad_signature']);
    const { items } = (await service.call('GET', `${hook.path}/deliveries?limit=1`)).body;
    expect(items).toMatchObject([{ outcome: 'refused', error: { code: 'bad_signature' } }]);
    expect(items[0]).not.toHaveProperty('taskId');
    expect((await service.call('GET', '/v1/tasks:count?type=example.sum')).body.count).toBe(before);
  });

  it('whose body was changed on its way is 401', async () => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const key = Buffer.from(SECRET.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`evt_x.${timestamp}.{"a":1}`).digest('base64');
    const headers = { 'webhook-id': 'evt_x', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    expect((await service.call('POST', hook.path, '{"a": 1}', headers)).status).toBe(401);
    expect((await service.call('POST', hook.path, '{"a":1}', headers)).status).toBe(202);
  });

  it('to no hook is 404, and too large a one 413', async () => {
    for (const path of ['/v1/hooks/hook_x', `/v1/hooks/hook_${'0'.repeat(26)}`])
      expect((await deliver({ n: 3 }, { hook: { id: '', path, headers: {} } })).status).toBe(404);
    const { status, body } = await deliver(JSON.stringify({ type: 'sum', text: 'x'.repeat(1_048_577) }));
    expect([status, body.code]).toEqual([413, 'payload_too_large']);
    const { items } = (await service.call('GET', `${hook.path}/deliveries?limit=1`)).body;
    expect(items).toMatchObject([{ outcome: 'refused', error: { code: 'payload_too_large' } }]);
  });

  it('is listed page by page', async () => {
    const first = (await service.call('GET', `${hook.path}/deliveries?limit=2`)).body;
    const second = (await service.call('GET', `${hook.path}/deliveries?limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map(({ id }: any) => id);
    expect(ids).toEqual([...new Set(ids)].sort().toReversed());
    expect((await service.call('GET', `${hook.path}/deliveries?cursor=${first.nextCursor}x`)).status).toBe(400);
  });

  it('that was answered with 202 is processed once, though the service is killed at that moment', async () => {
    const ids: string[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const answer = await deliver({ type: 'sum', data: { a: 1_000 + i, b: 0 } }).catch(() => undefined);
        if (answer?.status === 202) ids.push(answer.body.deliveryId);
        if (ids.length === 20) await service.kill();
      }),
    );
    expect(ids.length).toBeGreaterThanOrEqual(20);
    service = await start();
    const found = await Promise.all(ids.map((id) => outcome(id)));
    expect(found.map((one) => one.outcome)).toEqual(ids.map(() => 'submitted'));
    expect(new Set(found.map((one) => one.taskId)).size).toBe(ids.length);
    const tasks = (await service.call('GET', '/v1/tasks?type=example.sum&limit=200')).body.items;
    const sums = tasks.map((task: any) => task.input.a).filter((a: number) => a >= 1_000);
    expect(sums).toHaveLength(new Set(sums).size);
  }, 60_000);
});

describe('a hook', () => {
  const valid = { name: 'h', preset: 'standard-webhooks', secrets: [SECRET], on: [{ submit: { type: 'example.sum', input: {} } }] };

  it.each<[string, object, string, string]>([
    ['a preset that is not there yet', { preset: 'stripe' }, 'unsupported_preset', '#/preset'],
    ['no such preset', { preset: 'magic' }, 'input_invalid', '#/preset'],
    ['no secret', { secrets: [] }, 'input_invalid', '#/secrets'],
    ['three secrets', { secrets: [SECRET, SECRET, SECRET] }, 'input_invalid', '#/secrets'],
    ['a short secret', { secrets: ['whsec_AAAA'] }, 'input_invalid', '#/secrets/0'],
    ['no rule', { on: [] }, 'input_invalid', '#/on'],
    [
      'a rule with two effects',
      { on: [{ submit: valid.on[0]?.submit, complete: { correlation: '${event.id}' } }] },
      'input_invalid',
      '#/on/0',
    ],
    ['a rule without an effect', { on: [{}] }, 'input_invalid', '#/on/0'],
    [
      'a template that names nothing',
      { on: [{ complete: { correlation: '${task.id}' } }] },
      'input_invalid',
      '#/on/0/complete/correlation',
    ],
    ['an option that is none', { options: { x: 1 } }, 'input_invalid', '#/options/x'],
    ['a member too many', { more: 1 }, 'input_invalid', '#/more'],
  ])('with %s is refused', async (_what, over, code, pointer) => {
    const { status, body } = await service.call('POST', '/v1/hooks', { ...valid, ...over });
    expect([status, body.code, body.errors.map((error: any) => error.pointer)]).toEqual([422, code, expect.arrayContaining([pointer])]);
  });

  it('is listed, read, and gone once deleted', async () => {
    const { body } = await service.call('POST', '/v1/hooks', valid);
    expect((await service.call('GET', `/v1/hooks/${body.id}`)).body).toEqual(body);
    expect((await service.call('GET', '/v1/hooks?limit=1')).body.items).toHaveLength(1);
    expect((await service.call('DELETE', `/v1/hooks/${body.id}`)).status).toBe(204);
    for (const path of [`/v1/hooks/${body.id}`, `/v1/hooks/${body.id}/deliveries`])
      expect((await service.call('GET', path)).status).toBe(404);
    expect((await deliver({ n: 4 }, { hook: { id: '', path: `/v1/hooks/${body.id}`, headers: {} } })).status).toBe(404);
  });

  it('keeps its secrets to itself', () => {
    const keys = [SECRET, OLD_SECRET].map((secret) => secret.replace('whsec_', ''));
    const hits = readdirSync(directory.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => keys.some((key) => readFileSync(file).includes(key)));
    expect(hits).toEqual([]);
    expect(keys.some((key) => service.printed().includes(key))).toBe(false);
  });
});

describe('a namespace of four shards', () => {
  it('lets events find tasks wherever both are', async () => {
    expect((await service.call('POST', '/v1/namespaces', { name: 'sharded', shards: 4 })).status).toBe(201);
    const scopes = ['tasks:submit', 'tasks:read', 'types:write', 'connections:write', 'hooks:write'];
    const { key } = (await service.call('POST', '/v1/keys', { name: 'k', namespace: 'sharded', scopes })).body;
    const headers = { authorization: `Bearer ${key}` };
    await prepare(headers);
    const own = await createHook(headers);
    const charges = Array.from({ length: 24 }, (_, i) => `sharded_${i}`);
    const early = charges.filter((_, i) => i % 3 === 0);
    const paid = (id: string) => deliver({ type: 'paid', data: { id, paid: true } }, { hook: own });
    const sent = await Promise.all(early.map(paid));
    await Promise.all(sent.map(({ body }) => outcome(body.deliveryId, own)));
    const ids = await Promise.all(
      charges.map(async (charge) => (await service.call('POST', '/v1/tasks', { type: 'charge', input: { charge } }, headers)).body.id),
    );
    await Promise.all(charges.filter((charge) => !early.includes(charge)).map(paid));
    const tasks = await Promise.all(ids.map((id) => ended(id, headers)));
    expect(tasks.map(({ status }) => status)).toEqual(charges.map(() => 'completed'));
    expect(new Set(ids.map((id) => id.slice(16, 18))).size).toBeGreaterThan(1);
    expect((await service.call('GET', own.path)).status).toBe(404);
  }, 60_000);
});
