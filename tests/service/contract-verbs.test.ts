import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path);
});
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const FAR = inDays(300);
const FURTHER = inDays(400);
const submit = async (body: object) => (await service.call('POST', '/v1/tasks', body)).body;
const scheduled = (more: object = {}) => submit({ type: 'example.sum', input: { a: 1, b: 2 }, scheduledFor: FAR, ...more });
const verb = (id: string, name: string, body?: unknown, headers = {}) => service.call('POST', `/v1/tasks/${id}/${name}`, body, headers);

async function untilEnded(id: string): Promise<any> {
  let { body } = await service.call('GET', `/v1/tasks/${id}`);
  while (body.endedAt === undefined)
    ({ body } = await service.call('GET', `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=${body.revision}`));
  return body;
}

const ended = {
  completed: () => submit({ type: 'example.sum', input: { a: 1, b: 2 } }),
  failed: () => submit({ type: 'example.flaky', input: { failures: 9, retryable: false } }),
  canceled: async () => {
    const task = await scheduled();
    await verb(task.id, 'cancel');
    return task;
  },
  skipped: async () => {
    const task = await scheduled();
    await verb(task.id, 'skip');
    return task;
  },
};

describe('verbs in a status', () => {
  // Status by status: the verbs it takes. Every other one is 409 and changes nothing.
  const VERBS = ['cancel', 'pause', 'resume', 'retry-now', 'redrive', 'replay', 'reschedule', 'skip'];
  it.each([
    ['scheduled', () => scheduled(), ['cancel', 'pause', 'retry-now', 'reschedule', 'skip']],
    [
      'paused',
      async () => {
        const task = await scheduled();
        await verb(task.id, 'pause');
        return task;
      },
      ['cancel', 'pause', 'resume', 'skip'],
    ],
    ['retrying', () => retrying(), ['cancel', 'pause', 'retry-now', 'skip']],
    ['completed', ended.completed, ['replay']],
    ['failed', ended.failed, ['redrive', 'replay']],
    ['canceled', ended.canceled, ['cancel', 'redrive', 'replay']],
    ['skipped', ended.skipped, ['redrive', 'replay']],
  ])('%s: those that fit are taken, all others are 409', async (status, make, taken) => {
    const results = await Promise.all(
      VERBS.map(async (name) => {
        const { id } = await make();
        if (status in ended) await untilEnded(id);
        const before = (await service.call('GET', `/v1/tasks/${id}`)).body;
        expect(before.status).toBe(status);
        const answer = await verb(id, name, name === 'reschedule' ? { scheduledFor: FAR } : undefined);
        const { body: after } = await service.call('GET', `/v1/tasks/${id}`);
        return [name, answer.status, answer.body.code, answer.status === 409 && isDeepStrictEqual(before, after)];
      }),
    );
    const expected = VERBS.map((name) =>
      taken.includes(name) ? [name, name === 'replay' ? 201 : 200, undefined, false] : [name, 409, 'wrong_state', true],
    );
    expect(results).toEqual(expected);
  });

  async function retrying(): Promise<any> {
    const retry = { initialInterval: 'PT1H', maxInterval: 'PT1H', jitter: 'none' };
    const task = await submit({ type: 'example.flaky', input: { failures: 1 }, retry });
    let { body } = await service.call('GET', `/v1/tasks/${task.id}`);
    while (body.status !== 'retrying')
      ({ body } = await service.call('GET', `/v1/tasks/${task.id}?wait=20&ifRevisionGreaterThan=${body.revision}`));
    return body;
  }

  it('are refused with 412 for a stale If-Match, and taken for the current one', async () => {
    for (const name of ['pause', 'replay']) {
      const { id } = await ended.canceled();
      expect((await verb(id, name, {}, { 'if-match': '"1"' })).status).toBe(412);
      expect((await verb(id, name, {}, { 'if-match': 'nonsense' })).status).toBe(412);
    }
    const task = await scheduled();
    expect((await verb(task.id, 'pause', {}, { 'if-match': '"1"' })).status).toBe(200);
    expect((await verb(task.id, 'resume', {}, { 'if-match': '*' })).status).toBe(200);
  });

  it('keep who did it and why', async () => {
    const task = await scheduled();
    await verb(task.id, 'pause', { reason: 'a look at it' });
    const { items } = (await service.call('GET', `/v1/tasks/${task.id}/events`)).body;
    expect(items.at(-1)).toMatchObject({ type: 'task.paused', reason: 'a look at it', actor: { kind: 'person', id: 'dev' } });
  });

  it('refuse what they do not know', async () => {
    const { id } = await scheduled();
    const unknown = await verb(id, 'cancel', { why: 'x' });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '#/why']);
    expect((await verb(id, 'cancel', { reason: 5 })).status).toBe(422);
    expect((await verb(id, 'cancel', '[]')).status).toBe(400);
    expect((await verb(id, 'explode')).status).toBe(404);
    expect((await verb('task_nothing', 'cancel')).status).toBe(404);
  });
});

describe('a replay', () => {
  it('is a new task with the options of the old one, which it names', async () => {
    const old = await submit({
      type: 'example.sum',
      input: { a: 1, b: 2 },
      priority: 2,
      tags: ['t'],
      metadata: { m: 1 },
      retry: { maxAttempts: 7 },
    });
    await untilEnded(old.id);
    const { status, headers, body } = await verb(old.id, 'replay', { reason: 'once more' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/tasks/${body.id}`);
    expect(body).toMatchObject({ replayOf: old.id, input: old.input, priority: 2, tags: ['t'], metadata: { m: 1 }, generation: 1 });
    expect(body.retry).toEqual(old.retry);
    expect(await untilEnded(body.id)).toMatchObject({ status: 'completed', output: { sum: 3 } });
    expect((await service.call('GET', `/v1/tasks/${old.id}`)).body.revision).toBe(3);
  });

  it('takes another input, validated', async () => {
    const { id } = await submit({ type: 'example.sum', input: { a: 1, b: 2 } });
    await untilEnded(id);
    const wrong = await verb(id, 'replay', { input: { a: 'x', b: 2 } });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '#/input/a']);
    const right = await verb(id, 'replay', { input: { a: 20, b: 22 } });
    expect((await untilEnded(right.body.id)).output).toEqual({ sum: 42 });
  });

  it('happens once for an idempotency key', async () => {
    const { id } = await ended.canceled();
    const [first, second] = [
      await verb(id, 'replay', {}, { 'idempotency-key': 'again' }),
      await verb(id, 'replay', {}, { 'idempotency-key': 'again' }),
    ];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 200, 'true']);
    expect(second.body.id).toBe(first.body.id);
    const { id: other } = await ended.canceled();
    expect((await verb(other, 'replay', {}, { 'idempotency-key': 'again' })).status).toBe(422);
  });
});

describe('a reschedule', () => {
  it('moves the start', async () => {
    const { id } = await scheduled();
    expect((await verb(id, 'reschedule', { scheduledFor: FURTHER })).body).toMatchObject({
      status: 'scheduled',
      scheduledFor: FURTHER,
    });
    await verb(id, 'reschedule', { scheduledFor: '2001-01-01T00:00:00Z' });
    expect(await untilEnded(id)).toMatchObject({ status: 'completed' });
  });

  it.each([[{}], [{ scheduledFor: 'tomorrow' }], [{ scheduledFor: '2300-01-01T00:00:00Z' }], [{ scheduledFor: 5 }]])(
    'refuses %j with the pointer',
    async (body) => {
      const { id } = await scheduled();
      const answer = await verb(id, 'reschedule', body);
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '#/scheduledFor']);
    },
  );
});

describe('PATCH', () => {
  const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    service.call('PATCH', `/v1/tasks/${id}`, body, headers);
  const current = { 'if-match': '"1"', 'content-type': 'application/merge-patch+json' };

  it('demands If-Match: 428 without, 412 for a stale one', async () => {
    const { id } = await scheduled();
    expect([(await patch(id, { priority: 1 })).status, (await patch(id, { priority: 1 }, { 'if-match': '"9"' })).status]).toEqual([
      428, 412,
    ]);
  });

  it('merges what is given into the options, and null goes back to the defaults', async () => {
    const { id, retry } = await scheduled({ priority: 2, metadata: { a: 1, b: 1 }, tags: ['x'] });
    const changed = await patch(
      id,
      { priority: 5, tags: ['y'], metadata: { a: null, c: 1 }, retry: { maxAttempts: 9 }, timeouts: { scheduleToClose: 'P60D' } },
      current,
    );
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(changed.body).toMatchObject({ priority: 5, tags: ['y'], metadata: { b: 1, c: 1 }, revision: 2 });
    expect(changed.body.retry).toEqual({ ...retry, maxAttempts: 9 });
    expect(changed.body.timeouts).toEqual({ startToClose: 'PT1M', scheduleToClose: 'P60D' });
    const back = await patch(id, { priority: null, retry: null, timeouts: { scheduleToClose: null }, tags: null }, { 'if-match': '"2"' });
    expect(back.body).toMatchObject({ priority: 3, tags: [], retry, timeouts: { startToClose: 'PT1M' } });
    const { items } = (await service.call('GET', `/v1/tasks/${id}/events`)).body;
    expect(items[1]).toMatchObject({ type: 'task.updated', data: { options: { priority: 5, timeouts: { scheduleToClose: 'P60D' } } } });
  });

  it('names every error by its pointer and changes nothing', async () => {
    const { id } = await scheduled();
    const answer = await patch(
      id,
      { priority: 9, tags: [''], input: {}, retry: { maxAttempts: 0, x: 1 }, timeouts: { startToClose: '-PT1S' } },
      current,
    );
    expect(answer.status).toBe(422);
    const first = answer.body.errors.map((error: any) => error.pointer);
    expect(first).toEqual(['#/input']);
    const { body } = await patch(
      id,
      { priority: 9, tags: [''], retry: { maxAttempts: 0, x: 1 }, timeouts: { startToClose: '-PT1S' } },
      current,
    );
    expect(body.errors.map((error: any) => error.pointer).toSorted()).toEqual([
      '#/priority',
      '#/retry/maxAttempts',
      '#/retry/x',
      '#/tags',
      '#/timeouts/startToClose',
    ]);
    expect((await patch(id, { timeouts: { startToClose: null } }, current)).body.errors[0].pointer).toBe('#/timeouts');
    expect((await service.call('GET', `/v1/tasks/${id}`)).body.revision).toBe(1);
  });

  it('is 409 once the task has ended', async () => {
    const { id } = await ended.canceled();
    expect((await patch(id, { priority: 1 }, { 'if-match': '*' })).status).toBe(409);
  });
});

describe('a redrive', () => {
  it('tries the same task again with a fresh budget', async () => {
    const { id } = await ended.failed();
    await untilEnded(id);
    expect((await verb(id, 'redrive')).body).toMatchObject({ id, generation: 2, attempt: 0, status: 'queued' });
    expect(await untilEnded(id)).toMatchObject({ status: 'failed', generation: 2, attempt: 1 });
    const { items } = (await service.call('GET', `/v1/tasks/${id}/attempts`)).body;
    expect(items.map((attempt: any) => [attempt.generation, attempt.number])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});
