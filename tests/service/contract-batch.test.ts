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

const sum = (a: number, more: object = {}) => ({ type: 'example.sum', input: { a, b: 1 }, ...more });
const batch = (tasks: unknown) => service.call('POST', '/v1/tasks:batch', typeof tasks === 'string' ? tasks : { tasks });

async function lines(body: BodyInit, headers: Record<string, string> = {}) {
  const streamed = body instanceof ReadableStream ? { duplex: 'half' as const } : {};
  const response = await service.request('/v1/tasks:batch', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    body,
    ...streamed,
  });
  const text = await response.text();
  return {
    response,
    items: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

describe('a batch as JSON', () => {
  it('is answered with 207 and an item for each task, in order', async () => {
    const { status, body } = await batch([
      sum(1),
      { type: 'example.sum', input: { a: 'x', 'b/c': 1 } },
      { type: 'no.such', input: {} },
      'text',
      sum(2, { idempotencyKey: '' }),
      sum(2, { more: 1 }),
      sum(3),
    ]);
    expect(status).toBe(207);
    expect(body.items.map((item: any) => [item.status, item.problem?.code])).toEqual([
      [201, undefined],
      [422, 'input_invalid'],
      [422, 'unknown_type'],
      [422, 'input_invalid'],
      [422, 'input_invalid'],
      [422, 'input_invalid'],
      [201, undefined],
    ]);
    expect(body.items[0].task).toEqual({ id: expect.stringMatching(/^task_/), status: 'queued' });
    const pointers = body.items.map((item: any) => item.problem?.errors?.map((error: any) => error.pointer));
    expect(pointers[1]).toContain('#/tasks/1/input/a');
    expect(pointers.slice(2, 6)).toEqual([['#/tasks/2/type'], ['#/tasks/3'], ['#/tasks/4/idempotencyKey'], ['#/tasks/5/more']]);
    expect(body.items[1].problem).toMatchObject({
      title: 'Invalid content',
      status: 422,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('treats twins of one key like two requests: one task, a replay, and 422 for another body', async () => {
    const { body } = await batch([
      sum(1, { idempotencyKey: 'twin' }),
      sum(1, { idempotencyKey: 'twin' }),
      sum(2, { idempotencyKey: 'twin' }),
    ]);
    expect(body.items.map((item: any) => item.status)).toEqual([201, 200, 422]);
    expect(body.items[1].task.id).toBe(body.items[0].task.id);
    expect(body.items[2].problem.code).toBe('idempotency_conflict');
    const alone = await service.call('POST', '/v1/tasks', sum(1), { 'idempotency-key': 'twin' });
    expect([alone.status, alone.body.id]).toEqual([200, body.items[0].task.id]);
  });

  it('keeps the keys of manual tasks, which live elsewhere, too', async () => {
    await service.call('POST', '/v1/task-types', { name: 'batch.ask', version: 1, kind: 'manual', inputSchema: {}, outputSchema: {} });
    const ask = (key: string, input = {}) => ({ type: 'batch.ask', input, idempotencyKey: key });
    const first = await batch([ask('m1'), ask('m1'), ask('m2'), ask('m1', { other: 1 })]);
    expect(first.body.items.map((item: any) => item.status)).toEqual([201, 200, 201, 422]);
    const again = await batch([ask('m1'), ask('m2')]);
    expect(again.body.items.map((item: any) => [item.status, item.task.id])).toEqual([
      [200, first.body.items[0].task.id],
      [200, first.body.items[2].task.id],
    ]);
  });

  it('performs a thousand tasks, each once', async () => {
    const tag = `thousand-${Date.now()}`;
    const { body } = await batch(Array.from({ length: 1_000 }, (_, i) => sum(i, { tags: [tag] })));
    expect(new Set(body.items.map((item: any) => item.task.id)).size).toBe(1_000);
    let count = 0;
    for (const until = Date.now() + 15_000; count < 1_000 && Date.now() < until;)
      ({ count } = (await service.call('GET', `/v1/tasks:count?status=completed&tag=${tag}`)).body);
    expect(count).toBe(1_000);
  });

  it('holds each task to its own limits', async () => {
    const deep = `{"type":"example.echo","input":{"value":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    const echo = (bytes: number) => JSON.stringify({ type: 'example.echo', input: { value: 'x'.repeat(bytes) } });
    const whole = 1_048_576 - echo(0).length;
    const { status, body } = await batch(`{"tasks":[${deep},${echo(whole)},${echo(whole + 1)},${JSON.stringify(sum(1))}]}`);
    expect(status).toBe(207);
    expect(body.items.map((item: any) => [item.status, item.problem?.code])).toEqual([
      [422, 'too_deep'],
      [201, undefined],
      [413, 'payload_too_large'],
      [201, undefined],
    ]);
  });

  it.each([
    ['malformed JSON', '{"tasks":[', 400, 'malformed'],
    ['a list', '[]', 400, 'malformed'],
    ['no tasks', '{}', 422, 'input_invalid'],
    ['tasks that are no list', '{"tasks":1}', 422, 'input_invalid'],
    ['an unknown member', '{"tasks":[],"all":true}', 422, 'input_invalid'],
    ['1,001 tasks', JSON.stringify({ tasks: Array.from({ length: 1_001 }, () => 1) }), 422, 'input_invalid'],
    ['more than 8 MiB', JSON.stringify({ tasks: ['x'.repeat(8 * 1_048_576)] }), 413, 'payload_too_large'],
  ])('refuses %s as a whole', async (_name, body, status, code) => {
    const answer = await batch(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('tells a client that writes far too much why it is refused, whatever the reason', async () => {
    const body = `{"tasks":["${'x'.repeat(20 * 1_048_576)}"]}`;
    expect((await batch(body)).status).toBe(413);
    expect((await service.call('POST', '/v1/tasks:batch', body, { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await service.call('POST', '/v1/tasks:batch', body, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('takes no key for the whole, and nothing but JSON', async () => {
    const keyed = await service.call('POST', '/v1/tasks:batch', { tasks: [] }, { 'idempotency-key': 'k' });
    expect([keyed.status, keyed.body.code]).toEqual([400, 'invalid_idempotency_key']);
    expect((await service.call('POST', '/v1/tasks:batch', 'a,b', { 'content-type': 'text/csv' })).status).toBe(415);
    expect((await batch([])).body).toEqual({ items: [] });
  });
});

describe('a batch as lines', () => {
  it('is answered by lines with their numbers; a bad line is one item, and the rest goes on', async () => {
    const { response, items } = await lines(
      [
        JSON.stringify(sum(1)),
        '{"type":',
        '',
        JSON.stringify({ type: 'example.sum', input: {} }),
        `"${'x'.repeat(1_048_576)}"`,
        JSON.stringify(sum(2)),
      ].join('\r\n'),
    );
    expect([response.status, response.headers.get('content-type')]).toEqual([207, 'application/x-ndjson']);
    expect(items.map((item) => [item.line, item.status, item.problem?.code])).toEqual([
      [1, 201, undefined],
      [2, 400, 'malformed'],
      [4, 422, 'input_invalid'],
      [5, 413, 'payload_too_large'],
      [6, 201, undefined],
    ]);
    expect(items[2].problem.errors.map((error: any) => error.pointer)).toEqual(['#/input/a', '#/input/b']);
  });

  it('takes more lines than any list may have, in order', async () => {
    const body = Array.from({ length: 3_000 }, (_, i) => JSON.stringify(sum(i, { idempotencyKey: `line-${i}` }))).join('\n');
    const { items } = await lines(body);
    expect(items.map((item) => [item.line, item.status])).toEqual(Array.from({ length: 3_000 }, (_, i) => [i + 1, 201]));
    const again = await lines(body);
    expect(again.items.map((item) => [item.status, item.task.id])).toEqual(items.map((item) => [200, item.task.id]));
  });

  it('answers a line while the next is not written yet', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (value: unknown) => writer.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
    const writing = write(sum(1));
    const response = await service.request('/v1/tasks:batch', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: readable,
      duplex: 'half',
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await writing;
    expect(JSON.parse((await reader?.read())?.value ?? '')).toMatchObject({ line: 1, status: 201 });
    await write(sum(2));
    expect(JSON.parse((await reader?.read())?.value ?? '')).toMatchObject({ line: 2, status: 201 });
    await writer.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('has no items for an empty body, and is 401 without a key', async () => {
    expect((await lines('')).items).toEqual([]);
    expect((await lines('{}', { authorization: 'Bearer nonsense' })).response.status).toBe(401);
  });
});
