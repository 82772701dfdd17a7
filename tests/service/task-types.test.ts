import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

const publish = (body: unknown) => service.call('POST', '/v1/task-types', body);
const pointers = (answer: { body: any }): string[] => answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);

/** Every member that a type can have. */
const whole = {
  name: 'payment.whole',
  version: 1,
  kind: 'integration',
  inputSchema: { type: 'object', required: ['amount'], properties: { amount: { type: 'integer' }, currency: { default: 'EUR' } } },
  outputSchema: {},
  retry: {
    maxAttempts: 3,
    initialInterval: 'PT0.2S',
    backoffCoefficient: 2,
    maxInterval: 'PT1M',
    jitter: 'full',
    nonRetryableCodes: ['x'],
  },
  timeouts: { scheduleToStart: 'PT1H', startToClose: 'PT1M', scheduleToClose: 'P1D', heartbeat: 'PT10S' },
  onInvalidOutput: 'retry',
  retention: 'P30D',
  tags: ['billing'],
  title: 'Whole',
  description: 'Everything',
  handler: 'example.sum@1',
  candidates: { users: [], groups: ['ops'] },
  dueIn: 'P2D',
  request: {
    connection: 'psp',
    method: 'POST',
    path: '/charges/${input.amount}',
    query: { a: '${task.id}', n: 1 },
    headers: { 'X-Order': '${input.amount}' },
    body: { amount: '${input.amount}', ref: '${task.id}' },
    output: '${response.body}',
    waitFor: 'event',
    waitWhen: '${response.status == 202}',
    correlation: '${response.body.id}',
  },
};

describe('publishing a type', () => {
  it('takes every member, and reads back what was written', async () => {
    const { status, headers, body } = await publish(whole);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/v1/task-types/payment.whole@1');
    expect(body).toEqual({ ...whole, source: 'api', createdAt: expect.any(String) });
    expect((await service.call('GET', '/v1/task-types/payment.whole@1')).body).toEqual(body);
  });

  it('is the same again in another order and with defaults written out, and another body is a conflict', async () => {
    const type = { name: 'same.again', version: 1, kind: 'automated', timeouts: { startToClose: 'PT60S' } };
    expect((await publish(type)).status).toBe(201);
    expect((await publish({ kind: 'automated', version: 1, name: 'same.again', timeouts: { startToClose: 'PT60S' } })).status).toBe(200);
    expect((await publish({ ...type, tags: [], retry: { maxAttempts: 3 }, timeouts: { startToClose: 'PT1M' } })).status).toBe(200);
    const other = await publish({ ...type, title: 'Another' });
    expect([other.status, other.body.code]).toEqual([409, 'type_exists']);
  });

  it('stores one of twenty that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => publish({ name: 'race', version: 1, kind: 'manual', title: `${i}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('fills in what the contract says', async () => {
    const automated = (await publish({ name: 'defaults.automated', version: 1, kind: 'automated' })).body;
    expect(automated).toMatchObject({
      retry: { maxAttempts: 3, initialInterval: 'PT1S', backoffCoefficient: 2, maxInterval: 'PT1M', jitter: 'full', nonRetryableCodes: [] },
      timeouts: { startToClose: 'PT1M' },
      onInvalidOutput: 'retry',
      retention: 'P30D',
    });
    const request = { connection: 'psp', path: '/x' };
    const integration = (await publish({ name: 'defaults.integration', version: 1, kind: 'integration', request })).body;
    expect(integration).toMatchObject({
      timeouts: { startToClose: 'PT1M' },
      request: { waitFor: 'none', output: '${response.body}', waitWhen: '${response.status == 202}' },
    });
    expect((await publish({ name: 'defaults.manual', version: 1, kind: 'manual' })).body.timeouts).toEqual({ scheduleToClose: 'P30D' });
  });

  it('keeps the definition of a type in code', async () => {
    const { body: sum } = await service.call('GET', '/v1/task-types/example.sum@1');
    expect(sum).toMatchObject({ source: 'code', inputSchema: { type: 'object', required: ['a', 'b'] } });
    const { source: _, ...definition } = sum;
    expect((await publish(definition)).status).toBe(200);
    const other = await publish({ name: 'example.sum', version: 1, kind: 'automated' });
    expect([other.status, other.body.code]).toEqual([409, 'type_exists']);
  });

  it('names every fault at once, by pointers into the body', async () => {
    const answer = await publish({
      name: 'errand.mine',
      version: 0,
      kind: 'robotic',
      inputSchema: { type: 'objekt', properties: { a: { minimum: 'x' } } },
      outputSchema: 7,
      retry: { maxAttempts: 0, initialInterval: '-PT1S', backoffCoefficient: 0.5, retries: 1 },
      timeouts: { startToClose: 'P1M', heartbeat: 'PT0S', scheduleToClose: 'P9999999D' },
      onInvalidOutput: 'ignore',
      retention: 30,
      tags: ['a', 'a'],
      handler: 'no.such@1',
      candidates: { groups: 'ops', roles: [] },
      dueIn: 'tomorrow',
      request: {
        method: 'FETCH',
        path: 'http://evil.example',
        query: { list: [] },
        headers: { 'Idempotency-Key': 'mine', 'bad name': 'x' },
        body: { a: ['${response.body}', '${input.'] },
        waitFor: 'event',
        waitWhen: 'always',
        url: 'x',
      },
      prio: 1,
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'input_invalid']);
    expect(pointers(answer)).toEqual(
      expect.arrayContaining([
        '#/name',
        '#/version',
        '#/kind',
        '#/inputSchema/type',
        '#/inputSchema/properties/a/minimum',
        '#/outputSchema',
        '#/retry/maxAttempts',
        '#/retry/initialInterval',
        '#/retry/backoffCoefficient',
        '#/retry/retries',
        '#/timeouts/startToClose',
        '#/timeouts/heartbeat',
        '#/timeouts/scheduleToClose',
        '#/onInvalidOutput',
        '#/retention',
        '#/tags',
        '#/handler',
        '#/candidates/groups',
        '#/candidates/roles',
        '#/dueIn',
        '#/request/connection',
        '#/request/method',
        '#/request/path',
        '#/request/query/list',
        '#/request/headers/Idempotency-Key',
        '#/request/headers/bad name',
        '#/request/body/a/0',
        '#/request/body/a/1',
        '#/request/waitWhen',
        '#/request/url',
        '#/prio',
      ]),
    );
    expect((await service.call('GET', '/v1/task-types/errand.mine')).status).toBe(404);
  });

  const base = { name: 'refused', version: 1, kind: 'automated' };
  const integration = { ...base, kind: 'integration' };
  it.each<[string, unknown, string]>([
    ['no name', { version: 1, kind: 'manual' }, '#/name'],
    ['a name with a version in it', { ...base, name: 'a@1' }, '#/name'],
    ['a fraction of a version', { ...base, version: 1.5 }, '#/version'],
    ['a pattern that is none', { ...base, inputSchema: { pattern: '(' } }, '#/inputSchema/pattern'],
    ['a schema from elsewhere', { ...base, inputSchema: { $ref: 'https://example.com/schema.json' } }, '#/inputSchema/$ref'],
    ['an integration without a request', integration, '#/request'],
    ['a longest wait below the first', { ...base, retry: { initialInterval: 'PT2M', maxInterval: 'PT1M' } }, '#/retry/maxInterval'],
    ['an event without its key', { ...integration, request: { connection: 'psp', path: '/', waitFor: 'event' } }, '#/request/correlation'],
    ['a body of a GET', { ...integration, request: { connection: 'psp', path: '/', method: 'GET', body: {} } }, '#/request/body'],
    ['a member of a prototype', '{"name":"refused","version":1,"kind":"automated","__proto__":{}}', '#/__proto__'],
    ['null', { ...base, title: null }, '#/title'],
  ])('refuses %s', async (_name, body, pointer) => {
    const answer = await publish(body);
    expect([answer.status, pointers(answer)]).toEqual([422, [pointer]]);
  });

  it('refuses what is too large or too deep before it looks at it', async () => {
    expect((await publish({ ...base, description: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await publish(`{"name":"a","inputSchema":${'{"not":'.repeat(100)}{}${'}'.repeat(101)}`)).body.code).toBe('too_deep');
  });
});

describe('types', () => {
  it('are listed newest first with those in code last, page by page, each once', async () => {
    await publish({ name: 'newest', version: 1, kind: 'manual' });
    const refs: string[] = [];
    let cursor = '';
    do {
      const { body } = await service.call('GET', `/v1/task-types?limit=2${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      refs.push(...body.items.map((type: any) => `${type.name}@${type.version}`));
      cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
    } while (cursor !== '');
    expect(refs[0]).toBe('newest@1');
    expect(refs.slice(-5)).toEqual(['example.echo@1', 'example.flaky@1', 'example.sleep@1', 'example.sum@1', 'order.price@1']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs).toContain('payment.whole@1');
    expect((await service.call('GET', '/v1/task-types?cursor=Zm9v.x')).body.code).toBe('invalid_cursor');
  });

  it('have versions, of which a submit takes the highest', async () => {
    for (const version of [1, 3, 2])
      await publish({ name: 'example.echo', version: version + 1, kind: 'automated', handler: 'example.echo@1' });
    const { body } = await service.call('GET', '/v1/task-types/example.echo/versions');
    expect(body.items.map((type: any) => type.version)).toEqual([4, 3, 2, 1]);
    const first = (await service.call('GET', '/v1/task-types/example.echo/versions?limit=3')).body;
    const rest = (await service.call('GET', `/v1/task-types/example.echo/versions?limit=3&cursor=${first.nextCursor}`)).body;
    expect(rest.items.map((type: any) => type.version)).toEqual([1]);
    expect((await service.call('GET', '/v1/task-types/example.echo')).body.version).toBe(4);
    const task = await service.call('POST', '/v1/tasks', { type: 'example.echo', input: { value: 1 } }, { prefer: 'wait=10' });
    expect(task.body).toMatchObject({ version: 4, status: 'completed', output: { value: 1 } });
    for (const path of ['no.such', 'example.echo@9', 'no.such/versions', 'a@b'])
      expect((await service.call('GET', `/v1/task-types/${path}`)).status).toBe(404);
  });
});

describe('a task of a published type', () => {
  it('has its input judged, every error by its pointer, and defaults filled in', async () => {
    const { body: refused } = await service.call('POST', '/v1/tasks', { type: 'payment.whole', input: { currency: 5 } });
    expect(pointers({ body: refused })).toEqual(['#/input/amount']);
    await publish({
      name: 'judged',
      version: 1,
      kind: 'manual',
      inputSchema: {
        type: 'object',
        additionalProperties: false,
        required: ['qty', 'lines'],
        properties: {
          qty: { type: 'integer', minimum: 1 },
          lines: { type: 'array', items: { type: 'string' } },
          unit: { type: 'string', default: 'kg' },
        },
      },
    });
    const answer = await service.call('POST', '/v1/tasks', { type: 'judged', input: { qty: 0, lines: ['a', 1], 'a/b': 1 } });
    expect([answer.status, answer.body.code]).toEqual([422, 'input_invalid']);
    expect(pointers(answer).sort()).toEqual(['#/input/a~1b', '#/input/lines/1', '#/input/qty']);
    const { body: task } = await service.call('POST', '/v1/tasks', { type: 'judged', input: { qty: 1, lines: [] } });
    expect(task.input).toEqual({ qty: 1, lines: [], unit: 'kg' });
  });

  it.each([
    ['retry', 'failed', 2],
    ['fail', 'failed', 1],
  ])('whose output does not fit ends as onInvalidOutput "%s" says, with the pointers', async (onInvalidOutput, status, attempt) => {
    await publish({
      name: `unfit.${onInvalidOutput}`,
      version: 1,
      kind: 'automated',
      handler: 'example.sum@1',
      outputSchema: { type: 'object', properties: { sum: { type: 'string' } } },
      retry: { maxAttempts: 2, initialInterval: 'PT0S' },
      onInvalidOutput,
    });
    const { body } = await service.call(
      'POST',
      '/v1/tasks',
      { type: `unfit.${onInvalidOutput}`, input: { a: 1, b: 2 } },
      { prefer: 'wait=15' },
    );
    expect(body).toMatchObject({ status, attempt, error: { code: 'output_invalid', details: [{ pointer: '#/output/sum' }] } });
  });

  it('takes retry and timeouts of its own, over those of its type', async () => {
    const submit = (options: object) =>
      service.call('POST', '/v1/tasks', { type: 'example.flaky', input: { failures: 9 }, ...options }, { prefer: 'wait=15' });
    const { body } = await submit({ retry: { maxAttempts: 2, initialInterval: 'PT0.01S', jitter: 'none' } });
    expect(body).toMatchObject({ status: 'failed', attempt: 2 });
    const refused = await submit({
      retry: { maxAttempts: -1, maxInterval: 'PT-1S', more: 1 },
      timeouts: { startToClose: 'P99999D', ttl: 'PT1S' },
    });
    expect(pointers(refused)).toEqual([
      '#/retry/maxAttempts',
      '#/retry/maxInterval',
      '#/retry/more',
      '#/timeouts/startToClose',
      '#/timeouts/ttl',
    ]);
    const stopped = await service.call(
      'POST',
      '/v1/tasks',
      { type: 'example.sleep', input: { ms: 60_000 }, timeouts: { startToClose: 'PT0.3S' }, retry: { maxAttempts: 1 } },
      { prefer: 'wait=15' },
    );
    expect(stopped.body).toMatchObject({ status: 'failed', error: { code: 'timeout.start_to_close' } });
  });

  it('has the candidates of its type, and is due as long after it is offered as the type says', async () => {
    await publish({ name: 'due', version: 1, kind: 'manual', candidates: { users: ['ada'], groups: ['ops'] }, dueIn: 'PT1H' });
    const { body: now } = await service.call('POST', '/v1/tasks', { type: 'due', input: {}, scheduledFor: '2020-01-01T00:00:00Z' });
    expect(now).toMatchObject({ status: 'waiting', manual: { state: 'ready', candidates: { users: ['ada'], groups: ['ops'] } } });
    expect(Date.parse(now.manual.dueAt) - Date.parse(now.createdAt)).toBe(3_600_000);
    const { body: later } = await service.call('POST', '/v1/tasks', { type: 'due', input: {}, scheduledFor: '2031-01-01T00:00:00Z' });
    expect(later).toMatchObject({ status: 'scheduled', manual: { dueAt: '2031-01-01T01:00:00.000Z' } });
  });
});

describe('options of a submission', () => {
  const big = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i]));
  it.each<[string, object, string]>([
    ['a priority of six', { priority: 6 }, '#/priority'],
    ['a time without a zone', { scheduledFor: '2030-01-01T00:00:00' }, '#/scheduledFor'],
    ['a day that does not exist', { scheduledFor: '2030-02-30T00:00:00Z' }, '#/scheduledFor'],
    ['a time in a hundred years', { scheduledFor: '2130-01-01T00:00:00Z' }, '#/scheduledFor'],
    ['a ttl of nothing', { ttl: 'PT0S' }, '#/ttl'],
    ['a ttl in months', { ttl: 'P1M' }, '#/ttl'],
    ['tags that are no texts', { tags: [1] }, '#/tags'],
    ['metadata that is a list', { metadata: [] }, '#/metadata'],
    ['metadata with too many members', { metadata: big }, '#/metadata'],
    ['metadata that is too long', { metadata: { a: 'x'.repeat(20_000) } }, '#/metadata'],
    ['retry that is no object', { retry: 3 }, '#/retry'],
    ['timeouts in seconds', { timeouts: { startToClose: 5 } }, '#/timeouts/startToClose'],
    ['a version that is a text', { version: '1' }, '#/version'],
  ])('refuses %s', async (_name, options, pointer) => {
    const answer = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 2 }, ...options });
    expect([answer.status, pointers(answer)]).toEqual([422, [pointer]]);
  });
});
