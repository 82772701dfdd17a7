import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

const TYPE = {
  name: 'remote.work',
  version: 1,
  kind: 'automated',
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  timeouts: { startToClose: 'PT20S', heartbeat: 'PT0.5S' },
  retry: { maxAttempts: 3, initialInterval: 'PT0.05S', jitter: 'none' },
};

beforeAll(async () => {
  service = await startService(directory.path);
  await publish(TYPE);
});
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

async function publish(type: object): Promise<void> {
  const { status } = await service.call('POST', '/v1/task-types', type);
  expect([200, 201]).toContain(status);
}
const submit = async (more: object = {}) => (await service.call('POST', '/v1/tasks', { type: 'remote.work', input: {}, ...more })).body;
const poll = (more: object = {}) =>
  service.call('POST', '/v1/workers/poll', { workerId: 'w1', types: ['remote.work@1'], waitSeconds: 10, ...more });
const take = async (more: object = {}) => (await poll(more)).body.items[0];
const say = (item: any, verb: string, body?: unknown) => service.call('POST', `/v1/attempts/${item.leaseToken}/${verb}`, body);
const read = async (id: string) => (await service.call('GET', `/v1/tasks/${id}`)).body;

describe('a poll', () => {
  it('waits for the first task, and comes back empty when none comes in time', async () => {
    const polled = poll();
    const task = await submit({ input: { x: 1 } });
    const { status, body } = await polled;
    expect(status).toBe(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      task: { id: task.id, status: 'running', attempt: 1, input: { x: 1 } },
      leaseToken: expect.any(String),
    });
    expect(Date.parse(body.items[0].leaseUntil)).toBeGreaterThan(Date.now());
    await say(body.items[0], 'complete', { output: { n: 1 } });
    expect((await poll({ waitSeconds: 0 })).body).toEqual({ items: [] });
    const began = Date.now();
    expect((await poll({ waitSeconds: 1 })).body).toEqual({ items: [] });
    expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  });

  it('takes nothing for a worker that hung up while it waited', async () => {
    const hangUp = new AbortController();
    const lost = service
      .request('/v1/workers/poll', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ workerId: 'gone', types: ['remote.work'], waitSeconds: 20 }),
        signal: hangUp.signal,
      })
      .then((response) => response.text());
    await new Promise((done) => setTimeout(done, 500));
    hangUp.abort();
    await expect(lost).rejects.toThrow(/abort/);
    // A sign of life goes out each second: the first meets a closed door, the second has heard of it.
    await new Promise((done) => setTimeout(done, 3_000));
    const task = await submit();
    const item = await take();
    expect([item.task.id, item.task.attempt]).toEqual([task.id, 1]);
    await say(item, 'complete', { output: { n: 1 } });
  });

  it('takes at most maxTasks, first by priority, and one worker each', async () => {
    const tasks = [await submit({ priority: 5 }), await submit({ priority: 1 }), await submit({ priority: 3 })];
    const { items } = (await poll({ maxTasks: 2 })).body;
    expect(items.map((item: any) => item.task.id)).toEqual([tasks[1].id, tasks[2].id]);
    const rest = (await poll({ types: ['remote.work'], maxTasks: 100 })).body.items;
    expect(rest.map((item: any) => item.task.id)).toEqual([tasks[0].id]);
    for (const item of [...items, ...rest]) await say(item, 'complete', { output: { n: 1 } });
  });

  it('takes the tasks that a rule sent to a lane, when it names the lane', async () => {
    const rules = [{ name: 'gpu', type: 'remote.work', tags: ['gpu'], route: { lane: 'gpu' } }];
    expect((await service.call('PUT', '/v1/routing-rules', { rules })).status).toBe(200);
    const task = await submit({ tags: ['gpu'] });
    expect(task.route).toEqual({ executor: 'worker', lane: 'gpu/remote.work@1', rule: 'gpu' });
    expect((await poll({ waitSeconds: 0 })).body.items).toEqual([]);
    const item = await take({ lane: 'gpu' });
    expect(item.task.id).toBe(task.id);
    await say(item, 'complete', { output: { n: 1 } });
    await service.call('PUT', '/v1/routing-rules', { rules: [] });
  });

  it.each([
    [{ workerId: '' }, '#/workerId'],
    [{ workerId: undefined }, '#/workerId'],
    [{ types: [] }, '#/types'],
    [{ types: ['remote.work@1', 'no.such'] }, '#/types/1'],
    [{ types: ['remote.work@9'] }, '#/types/0'],
    [{ types: ['@'] }, '#/types/0'],
    [{ maxTasks: 0 }, '#/maxTasks'],
    [{ maxTasks: 101 }, '#/maxTasks'],
    [{ waitSeconds: 21 }, '#/waitSeconds'],
    [{ waitSeconds: -1 }, '#/waitSeconds'],
    [{ labels: {} }, '#/labels'],
  ])('refuses %j with the pointer', async (more, pointer) => {
    const { status, body } = await poll(more);
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });
});

describe('a lease', () => {
  it('is renewed by heartbeats, which keep a checkpoint and tell of a cancel', async () => {
    const task = await submit();
    const item = await take();
    for (let i = 0; i < 4; i++) {
      await new Promise((done) => setTimeout(done, 250));
      const { status, body } = await say(item, 'heartbeat', { details: { step: i } });
      expect([status, body.cancelRequested]).toEqual([200, false]);
    }
    expect((await say(item, 'heartbeat')).status).toBe(200);
    await service.call('POST', `/v1/tasks/${task.id}/cancel`);
    expect((await say(item, 'heartbeat')).body.cancelRequested).toBe(true);
    expect((await say(item, 'complete', { output: { n: 1 } })).body.status).toBe('canceled');
  });

  it('is lost by silence: the next attempt has the checkpoint, and a late result is 409 and kept as evidence', async () => {
    const task = await submit();
    const first = await take();
    await say(first, 'heartbeat', { details: { page: 7 } });
    const second = await take();
    expect(second).toMatchObject({ task: { id: task.id, attempt: 2, error: { code: 'timeout.heartbeat' } }, checkpoint: { page: 7 } });
    for (const [verb, body] of [
      ['heartbeat', undefined],
      ['complete', { output: { n: 1 } }],
      ['fail', { error: { code: 'x', message: 'late' } }],
    ] as const) {
      const answer = await say(first, verb, body);
      expect([verb, answer.status, answer.body.code]).toEqual([verb, 409, 'lease_lost']);
    }
    expect((await say(second, 'complete', { output: { n: 2 } })).body).toMatchObject({ status: 'completed', output: { n: 2 } });
    const late = await say(second, 'complete', { output: { n: 3 } });
    expect([late.status, late.body.code]).toEqual([409, 'lease_lost']);
    const { items } = (await service.call('GET', `/v1/tasks/${task.id}/events`)).body;
    const refused = items.filter((event: any) => event.type === 'task.result_refused');
    expect(refused.map((event: any) => event.data.outcome.output ?? event.data.outcome.error.code)).toEqual([{ n: 1 }, 'x', { n: 3 }]);
    expect((await read(task.id)).output).toEqual({ n: 2 });
  });

  it.each(['nonsense', 'lease_01m864gnzc0008j9cb51xkzdzz_1_64656661756c74_AAAAAAAAAAAAAAAAAAAAAA', ''])(
    'that was made up (%s) is 404',
    async (token) => {
      expect((await service.call('POST', `/v1/attempts/${token}/complete`, { output: 1 })).status).toBe(404);
    },
  );

  it('of another namespace is 404, and tampering with it too', async () => {
    const other = `other-${Date.now()}`;
    await service.call('POST', '/v1/namespaces', { name: other });
    const { key } = (await service.call('POST', '/v1/keys', { name: 'o', scopes: ['tasks:operate'], namespace: other })).body;
    await submit();
    const item = await take();
    const foreign = await service.call(
      'POST',
      `/v1/attempts/${item.leaseToken}/complete`,
      { output: { n: 1 } },
      { authorization: `Bearer ${key}` },
    );
    expect(foreign.status).toBe(404);
    const future = { leaseToken: item.leaseToken.replace(/_1_/, '_2_') };
    expect((await say(future, 'complete', { output: { n: 1 } })).status).toBe(404);
    expect((await say(item, 'complete', { output: { n: 1 } })).status).toBe(200);
  });
});

describe('a report', () => {
  it('with an output that does not fit is 422 with pointers, and the attempt has failed by the policy', async () => {
    const task = await submit();
    const answer = await say(await take(), 'complete', { output: { n: 'x' } });
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([422, 'output_invalid', '#/output/n']);
    await say(await take(), 'complete', { output: { n: 1 } });
    const { items } = (await service.call('GET', `/v1/tasks/${task.id}/attempts`)).body;
    expect(items.map((attempt: any) => [attempt.number, attempt.worker, attempt.outcome, attempt.error?.code])).toEqual([
      [1, 'w1', 'failed', 'output_invalid'],
      [2, 'w1', 'completed', undefined],
    ]);
  });

  it('with such an output ends the task where its type says "fail"', async () => {
    await publish({ ...TYPE, name: 'remote.strict', onInvalidOutput: 'fail' });
    const task = await submit({ type: 'remote.strict' });
    await say(await take({ types: ['remote.strict'] }), 'complete', { output: {} });
    expect(await read(task.id)).toMatchObject({ status: 'failed', error: { code: 'output_invalid' }, attempt: 1 });
  });

  it('of a failure is retried after the delay it asks for, and not at all when it says so', async () => {
    const task = await submit();
    const failed = await say(await take(), 'fail', { error: { code: 'busy', message: 'later', nextRetryDelay: 'PT0.4S' } });
    expect(failed.body).toMatchObject({ status: 'retrying', error: { code: 'busy', retryable: true } });
    expect(Date.parse(failed.body.wakeAt) - Date.parse(failed.body.updatedAt)).toBe(400);
    const last = await say(await take(), 'fail', { error: { code: 'broken', message: 'never', retryable: false, details: { why: 1 } } });
    expect(last.body).toMatchObject({ id: task.id, status: 'failed', error: { code: 'broken', details: { why: 1 } } });
  });

  it.each([
    ['complete', {}, '#/output'],
    ['complete', { output: 1, more: 1 }, '#/more'],
    ['fail', {}, '#/error'],
    ['fail', { error: { message: 'm' } }, '#/error/code'],
    ['fail', { error: { code: 'c', message: 'm', nextRetryDelay: '-PT1S' } }, '#/error/nextRetryDelay'],
    ['fail', { error: { code: 'c', message: 'm', retryable: 'no' } }, '#/error/retryable'],
    ['heartbeat', { detail: 1 }, '#/detail'],
  ])('%s %j is refused with the pointer and changes nothing', async (verb, body, pointer) => {
    const task = await submit();
    const item = await take();
    const answer = await say(item, verb, body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    expect((await read(task.id)).status).toBe('running');
    expect((await say(item, 'complete', { output: { n: 1 } })).status).toBe(200);
  });
});

describe('the example workers', () => {
  const WORKERS = join(import.meta.dirname, '..', '..', 'examples', 'workers');
  const python = findPython();
  const RESULTS = [
    { status: 'completed', output: { echo: { ms: 1, x: 1 } } },
    { status: 'failed', error: { message: 'asked to fail' } },
  ];

  it('in JavaScript performs tasks, and reports failures', async () => {
    expect(await results(process.execPath, 'worker.mjs', 'example.remote_js')).toMatchObject(RESULTS);
  });

  it.skipIf(python === undefined)('in Python performs tasks, and reports failures', async () => {
    expect(await results(python ?? '', 'worker.py', 'example.remote_py')).toMatchObject(RESULTS);
  });

  /** What becomes of a task that succeeds and of one that fails. */
  async function results(program: string, script: string, type: string): Promise<unknown[]> {
    const env = { ...process.env, ERRAND_DATA_DIR: directory.path, PYTHONUNBUFFERED: '1' };
    const worker = spawn(program, [join(WORKERS, script), `${type}@1`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const gone = once(worker, 'exit').then(() => {
      throw new Error(printed);
    });
    gone.catch(() => {});
    try {
      while (!printed.includes('polls')) await Promise.race([once(worker.stdout, 'data'), gone]);
      const right = await submit({ type, input: { ms: 1, x: 1 } });
      const wrong = await submit({ type, input: { fail: true }, retry: { maxAttempts: 1 } });
      return await Promise.all([ended(right.id), ended(wrong.id)]);
    } finally {
      worker.kill('SIGTERM');
    }
  }

  async function ended(id: string): Promise<any> {
    let body = await read(id);
    while (body.endedAt === undefined)
      ({ body } = await service.call('GET', `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=${body.revision}`));
    return body;
  }
});

/** The Python of this machine, if it has one. */
function findPython(): string | undefined {
  const found = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (found === undefined) console.warn('There is no Python here: the example worker in Python is not tried.');
  return found;
}
