import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path);
  const types = [
    { name: 'billing.remote', version: 1, kind: 'automated' },
    { name: 'billing.approve', version: 1, kind: 'manual', candidates: { groups: ['ops'] } },
    { name: 'billing.charge', version: 1, kind: 'integration', request: { connection: 'psp', path: '/charges' } },
  ];
  for (const type of types) await service.call('POST', '/v1/task-types', type);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  directory.remove();
});
beforeEach(() => save([]));

const save = (rules: unknown, headers = {}) => service.call('PUT', '/v1/routing-rules', { rules }, headers);
const validate = (body: unknown) => service.call('POST', '/v1/tasks:validate', body);
const submit = async (body: unknown) => (await service.call('POST', '/v1/tasks', body)).body;
const explain = async (id: string) => (await service.call('GET', `/v1/tasks/${id}/explain`)).body;

describe('routing', () => {
  it.each([
    ['example.sum', { a: 1, b: 2 }, 'automated', 'automated'],
    ['billing.remote', {}, 'worker', 'workers/billing.remote@1'],
    ['billing.approve', {}, 'manual', 'inbox'],
    ['billing.charge', {}, 'integration', 'integration'],
  ])('sends %s by its kind', async (type, input, executor, lane) => {
    const { body } = await validate({ type, input });
    expect(body).toMatchObject({ valid: true, errors: [], route: { executor, lane, rule: 'default', reason: expect.any(String) } });
    expect((await submit({ type, input, scheduledFor: '2031-01-01T00:00:00Z' })).route).toEqual({ executor, lane, rule: 'default' });
  });

  it('takes the first rule that matches, stores its decision, and keeps it when rules change', async () => {
    const saved = await save([
      { name: 'small', type: 'example.*', when: '${input.a < 10}', route: { priority: 5 } },
      { name: 'gpu', kind: 'automated', type: 'example.sum@1', tags: ['gpu'], route: { lane: 'gpu', priority: 2 } },
      { name: 'rest', type: 'example.*', route: { priority: 1 } },
    ]);
    expect(saved.status).toBe(200);
    expect(await submit({ type: 'example.sum', input: { a: 1, b: 1 } })).toMatchObject({
      priority: 5,
      route: { rule: 'small', lane: 'automated' },
    });
    const task = await submit({ type: 'example.sum', input: { a: 10, b: 1 }, tags: ['gpu'] });
    expect(task).toMatchObject({ status: 'queued', priority: 2, route: { rule: 'gpu', executor: 'worker', lane: 'gpu/example.sum@1' } });
    expect(await submit({ type: 'example.sum', input: { a: 10, b: 1 }, priority: 4 })).toMatchObject({
      priority: 4,
      route: { rule: 'rest' },
    });
    await save([]);
    expect(await submit({ type: 'example.sum', input: { a: 1, b: 1 } })).toMatchObject({ priority: 3, route: { rule: 'default' } });
    expect((await explain(task.id)).route).toMatchObject({ rule: 'gpu', reason: expect.stringContaining('"gpu"') });
  });

  it('takes the rules that its page shows', async () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'implementation', 'task_router.md'), 'utf8');
    const { rules } = JSON.parse(/PUT \/v1\/routing-rules\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    expect(rules).toHaveLength(2);
    expect((await save(rules)).status).toBe(200);
  });

  it('passes over a rule that faults on a task, and says so', async () => {
    await save([{ name: 'faulty', when: '${input.order.total > 1}', route: { priority: 1 } }]);
    const { body } = await validate({ type: 'example.sum', input: { a: 1, b: 1 } });
    expect(body.route).toMatchObject({ rule: 'default', reason: expect.stringContaining('"faulty" did not apply') });
  });

  it('is changed as a whole or not at all', async () => {
    const rule = { name: 'kept', route: { priority: 2 } };
    const first = await save([rule]);
    const etag = first.headers.get('etag') ?? '';
    const read = await service.call('GET', '/v1/routing-rules');
    expect([read.body.rules, read.headers.get('etag')]).toEqual([[rule], etag]);
    const refused = await save([
      { name: 'Bad Name', route: { priority: 9 } },
      { name: 'a', type: 'x y', when: '${nobody.here}', route: {}, more: 1 },
      { name: 'b', kind: 'robot', route: { lane: 'Gpu', executor: 'worker' } },
    ]);
    expect([refused.status, refused.body.code]).toEqual([422, 'input_invalid']);
    expect(refused.body.errors.map((error: any) => error.pointer)).toEqual(
      expect.arrayContaining([
        '#/rules/0/name',
        '#/rules/0/route/priority',
        '#/rules/1/type',
        '#/rules/1/more',
        '#/rules/2/kind',
        '#/rules/2/route/lane',
        '#/rules/2/route/executor',
      ]),
    );
    const uncompiled = await save([rule, { name: 'x', when: '${nobody.here}', route: { lane: 'inbox' } }, { name: 'x', route: {} }]);
    expect(uncompiled.body.errors.map((error: any) => error.pointer)).toEqual([
      '#/rules/1/route/lane',
      '#/rules/1/when',
      '#/rules/2/name',
      '#/rules/2/route',
    ]);
    expect((await service.call('GET', '/v1/routing-rules')).body.rules).toEqual([rule]);
    expect((await save([], { 'if-match': '"old"' })).status).toBe(412);
    expect((await save([], { 'if-match': etag })).status).toBe(200);
    expect((await service.call('PUT', '/v1/routing-rules', [])).status).toBe(400);
    expect((await service.call('PUT', '/v1/routing-rules', {})).body.errors[0].pointer).toBe('#/rules');
    expect((await save(Array.from({ length: 51 }, (_, i) => ({ name: `r${i}`, route: { priority: 1 } })))).status).toBe(422);
  });
});

describe('validating a task', () => {
  it('finds what a submit would refuse, and creates nothing', async () => {
    const before = (await service.call('GET', '/v1/tasks:count')).body.count;
    const wrong = { type: 'example.sum', input: { a: 'x' }, priority: 9, what: 1 };
    const { status, body } = await validate(wrong);
    expect([status, body.valid, body.route.executor]).toEqual([200, false, 'automated']);
    const refused = await service.call('POST', '/v1/tasks', wrong);
    expect(body.errors).toEqual(refused.body.errors);
    expect((await validate({ type: 'no.such', input: {} })).body).toEqual({
      valid: false,
      errors: [expect.objectContaining({ pointer: '#/type' })],
    });
    expect((await validate({})).body.errors.map((error: any) => error.pointer)).toEqual(['#/type', '#/input']);
    expect((await validate('{')).status).toBe(400);
    expect((await service.call('GET', '/v1/tasks:count')).body.count).toBe(before);
  });
});

describe('explaining a task', () => {
  const codes = async (id: string) => (await explain(id)).waitingFor.map((blocker: any) => blocker.code);

  it('says what each open status waits for', async () => {
    const scheduled = await submit({ type: 'example.sum', input: { a: 1, b: 1 }, scheduledFor: '2031-01-01T00:00:00Z' });
    expect(await explain(scheduled.id)).toMatchObject({
      status: 'scheduled',
      waitingFor: [{ code: 'scheduled', until: '2031-01-01T00:00:00.000Z' }],
    });
    await service.call('POST', `/v1/tasks/${scheduled.id}/pause`);
    expect(await codes(scheduled.id)).toEqual(['paused']);

    const first = await submit({ type: 'billing.remote', input: {} });
    const second = await submit({ type: 'billing.remote', input: {} });
    const urgent = await submit({ type: 'billing.remote', input: {}, priority: 1 });
    expect(await codes(first.id)).toEqual(['no_worker', 'queue']);
    expect((await explain(urgent.id)).waitingFor[1].detail).toContain('first');
    expect((await explain(second.id)).waitingFor[1].detail).toContain('2 tasks');

    const manual = await submit({ type: 'billing.approve', input: {} });
    expect((await explain(manual.id)).waitingFor).toMatchObject([{ code: 'person', detail: expect.stringContaining('ops') }]);
    await service.call('POST', `/v1/tasks/${manual.id}/claim`);
    expect((await explain(manual.id)).waitingFor).toMatchObject([{ code: 'person', detail: expect.stringContaining('dev holds it') }]);

    const retrying = await submit({
      type: 'example.flaky',
      input: { failures: 5, code: 'no.luck' },
      retry: { initialInterval: 'P1D', maxInterval: 'P1D', jitter: 'none' },
    });
    await service.call('GET', `/v1/tasks/${retrying.id}?wait=10&ifRevisionGreaterThan=2`);
    expect(await explain(retrying.id)).toMatchObject({
      status: 'retrying',
      waitingFor: [{ code: 'backoff', detail: expect.stringContaining('no.luck'), until: expect.any(String) }],
    });

    const running = await submit({ type: 'example.sleep', input: { ms: 30_000 } });
    await service.call('GET', `/v1/tasks/${running.id}?wait=10&ifRevisionGreaterThan=1`);
    expect(await explain(running.id)).toMatchObject({ status: 'running', waitingFor: [{ code: 'running', until: expect.any(String) }] });
    await service.call('POST', `/v1/tasks/${running.id}/cancel`);
    expect(['running,cancel_requested', '']).toContain((await codes(running.id)).join());

    const done = (await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 1 } }, { prefer: 'wait=10' })).body;
    expect(await explain(done.id)).toMatchObject({ status: 'completed', waitingFor: [] });
  });
});
