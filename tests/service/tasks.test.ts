import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path);
}, 60_000);
afterAll(async () => {
  await service.stop();
  directory.remove();
});

async function untilEnded(id: string): Promise<any> {
  let { body } = await service.call('GET', `/v1/tasks/${id}`);
  while (body.endedAt === undefined)
    ({ body } = await service.call('GET', `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=${body.revision}`));
  return body;
}

describe('a task of code', () => {
  it('is accepted with 201 and performed', async () => {
    const { status, headers, body } = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 41 } });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/tasks/${body.id}`);
    expect(await untilEnded(body.id)).toMatchObject({ status: 'completed', output: { sum: 42 }, attempt: 1, generation: 1 });
  });

  it('answers with the result when the caller prefers to wait', async () => {
    const { body } = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 2 } }, { prefer: 'wait=20' });
    expect(body).toMatchObject({ status: 'completed', output: { sum: 3 } });
  });

  it('is tried again with backoff, and keeps its history without a gap', async () => {
    const { body } = await service.call('POST', '/v1/tasks', { type: 'example.flaky', input: { failures: 1, value: 7 } });
    expect(await untilEnded(body.id)).toMatchObject({ status: 'completed', output: { value: 7, attempt: 2 } });
    const events = (await service.call('GET', `/v1/tasks/${body.id}/events`)).body.items;
    expect(events.map((event: { sequence: number }) => event.sequence)).toEqual(events.map((_: unknown, i: number) => i + 1));
    const attempts = (await service.call('GET', `/v1/tasks/${body.id}/attempts`)).body.items;
    expect(attempts.map((attempt: { outcome: string }) => attempt.outcome)).toEqual(['failed', 'completed']);
  }, 20_000);

  it('fails at once on an error that no attempt could mend', async () => {
    const { body } = await service.call('POST', '/v1/tasks', {
      type: 'example.flaky',
      input: { failures: 3, retryable: false, code: 'card.expired' },
    });
    expect(await untilEnded(body.id)).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'card.expired', retryable: false } });
  });

  it('may take longer than a timer of the platform reaches', async () => {
    const { body } = await service.call('POST', '/v1/tasks', {
      type: 'example.sleep',
      input: { ms: 50 },
      timeouts: { startToClose: 'P60D' },
    });
    expect(await untilEnded(body.id)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('is stopped by a cancel while it runs', async () => {
    const { body } = await service.call('POST', '/v1/tasks', { type: 'example.sleep', input: { ms: 60_000 } });
    await service.call('GET', `/v1/tasks/${body.id}?wait=20&ifRevisionGreaterThan=1`);
    const asked = await service.call('POST', `/v1/tasks/${body.id}/cancel`, { reason: 'changed my mind' });
    expect(asked.body.cancelRequestedAt).toBeDefined();
    expect(await untilEnded(body.id)).toMatchObject({ status: 'canceled' });
  }, 20_000);

  it('is created once for an idempotency key', async () => {
    const body = { type: 'example.sum', input: { a: 1, b: 1 } };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.call('POST', '/v1/tasks', body, { 'idempotency-key': 'twenty' })),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    const other = await service.call('POST', '/v1/tasks', { ...body, priority: 1 }, { 'idempotency-key': 'twenty' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_conflict']);
  });
});

describe('bad input', () => {
  const deep = `{"type":"example.echo","input":{"value":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
  it.each([
    ['malformed JSON', '{', 400, 'malformed'],
    ['a list', '[]', 400, 'malformed'],
    ['depth 10,000', deep, 422, 'too_deep'],
    ['a byte too many', JSON.stringify({ type: 'example.echo', input: { value: 'x'.repeat(1_048_576) } }), 413, 'payload_too_large'],
    ['an unknown type', { type: 'no.such', input: {} }, 422, 'unknown_type'],
    ['an unknown version', { type: 'example.sum', version: 9, input: { a: 1, b: 2 } }, 422, 'unknown_type'],
    ['an unknown member', { type: 'example.sum', input: { a: 1, b: 2 }, prio: 1 }, 422, 'input_invalid'],
    ['a negative duration', { type: 'example.sum', input: { a: 1, b: 2 }, ttl: '-PT1S' }, 422, 'input_invalid'],
    ['an absurd duration', { type: 'example.sum', input: { a: 1, b: 2 }, ttl: 'P99999999D' }, 422, 'input_invalid'],
    ['NUL in text', '{"type":"example.echo","input":{"value":"\\u0000"}}', 422, 'input_invalid'],
  ])('%s is refused with a problem', async (_name, body, status, code) => {
    const answer = await service.call('POST', '/v1/tasks', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('names every error by its pointer', async () => {
    const { body } = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 'x' }, priority: 9 });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['#/priority', '#/input/a', '#/input/b']);
  });

  it('tells a caller without a key 401, and a guessed id looks like none', async () => {
    expect((await service.call('GET', '/v1/tasks', undefined, { authorization: 'Bearer nonsense' })).status).toBe(401);
    const guesses = ['task_x', 'task_0000000000000000000000000', 'task_01m85qxv87000z5ndws5adjnm0', 'task_01m85qxv87zzzz5ndws5adjnm0'];
    for (const id of guesses) expect((await service.call('GET', `/v1/tasks/${id}`)).status).toBe(404);
  });
});

describe('a service on its data directory', () => {
  it('refuses a second process', async () => {
    await expect(startService(directory.path)).rejects.toThrow('Another Errand is running');
  }, 20_000);

  it('loses nothing it acknowledged when it is killed, and ends what the killed one left behind', async () => {
    const ids = new Set<string>();
    let killed = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!killed) {
        const answer = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 1 } }).catch(() => undefined);
        if (answer?.status === 201) ids.add(answer.body.id);
        if (ids.size >= 200 && !killed) {
          killed = true;
          await service.kill();
        }
      }
    });
    await Promise.all(load);
    service = await startService(directory.path);
    for (const id of ids) expect((await untilEnded(id)).output).toEqual({ sum: 2 });
  }, 90_000);
});
