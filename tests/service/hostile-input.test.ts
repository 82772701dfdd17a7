/** What nobody in their right mind sends, and somebody does: each gets a clear answer, and nothing half-done is left behind. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
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

const sum = { type: 'example.sum', input: { a: 1, b: 2 } };
const submit = (body: unknown, headers: Record<string, string> = {}) => service.call('POST', '/v1/tasks', body, headers);

describe('numbers', () => {
  it.each(['1e400', '-1e400', '0.1E+999', '9'.repeat(400), `${'9'.repeat(309)}.5`, `${'9'.repeat(308)}e1`])(
    'beyond a double are refused, for they would come back as another value (%s)',
    async (written) => {
      const { status, body } = await submit(`{"type":"example.echo","input":{"value":[{"a/b":${written}}]}}`);
      expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'input_invalid', '#/input/value/0/a~1b']);
    },
  );

  it('at the edges of a double are kept', async () => {
    const value = [1.7976931348623157e308, 5e-324, -0.5, 0.1, 2 ** 60];
    const { body } = await submit({ type: 'example.echo', input: { value } }, { prefer: 'wait=20' });
    expect([body.status, body.output]).toEqual(['completed', { value: JSON.parse(JSON.stringify(value)) }]);
  });

  it('that grow when they are written out are 413 before they are too large to be kept, alone and in a batch', async () => {
    const grown = `{"type":"example.echo","input":{"value":[${Array.from({ length: 200_000 }, () => '1e20').join(',')}]}}`;
    const alone = await submit(grown);
    expect([alone.status, alone.body.code]).toEqual([413, 'payload_too_large']);
    const batch = await service.call('POST', '/v1/tasks:batch', `{"tasks":[${grown},${JSON.stringify(sum)}]}`);
    expect(batch.body.items.map(({ status }: { status: number }) => status)).toEqual([413, 201]);
  });

  it('beyond a double cost a line of a batch its own answer alone', async () => {
    const lines = [JSON.stringify(sum), '{"type":"example.echo","input":{"value":1e999}}', JSON.stringify(sum)].join('\n');
    const response = await service.request('/v1/tasks:batch', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines,
    });
    const items = (await response.text()).trim().split('\n');
    expect(items.map((item) => JSON.parse(item).status)).toEqual([201, 422, 201]);
  });
});

describe('a body', () => {
  it.each(['/v1/tasks', '/v1/tasks:batch', '/v1/task-types', '/v1/tasks:validate'])(
    'that is compressed is 415 at %s, whatever it holds',
    async (path) => {
      for (const type of ['application/json', 'application/x-ndjson'])
        for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
          const response = await service.request(path, {
            method: 'POST',
            headers: { 'content-type': type, 'content-encoding': encoding },
            body: gzipSync(JSON.stringify(sum)),
          });
          expect([response.status, response.headers.get('content-type')]).toEqual([415, 'application/problem+json']);
          await response.text();
        }
    },
  );

  it('that says it is not compressed is read', async () => {
    expect((await submit(sum, { 'content-encoding': 'identity' })).status).toBe(201);
  });

  it('may be left out of a verb, though its type is sent', async () => {
    const { id } = (await submit({ type: 'example.sleep', input: { ms: 60_000 }, scheduledFor: '2030-01-01T00:00:00Z' })).body;
    const paused = await service.call('POST', `/v1/tasks/${id}/pause`, undefined, { 'content-type': 'application/json' });
    expect([paused.status, paused.body.status]).toEqual([200, 'paused']);
    expect((await service.call('POST', `/v1/tasks/${id}/cancel`, '{', {})).status).toBe(400);
  });

  it('that breaks off is nobody’s fault but the sender’s', async () => {
    const before = service.printed().length;
    const answer = await raw(
      `POST /v1/tasks HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${service.apiKey}\r\ncontent-type: application/json\r\n` +
        'transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
    );
    expect(answer).not.toMatch(/^HTTP\/1\.1 (?:2|5)/);
    await raw(
      `POST /v1/tasks HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${service.apiKey}\r\ncontent-type: application/json\r\n` +
        'content-length: 500\r\n\r\n{"type":',
      50,
    );
    expect((await service.call('GET', '/readyz')).status).toBe(200);
    expect(service.printed().slice(before)).not.toMatch(/\bat \S+ \(/);
  });
});

describe('a problem', () => {
  it.each(['/v1/tasks', '/v1/tasks:validate', '/v1/task-types'])('is no larger than it helps, however much is wrong: %s', async (path) => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`field${i}`, 1]));
    for (const body of [many, { ...sum, ...many }]) {
      const { body: answer } = await service.call('POST', path, body);
      expect(answer.errors.length).toBeGreaterThan(10);
      expect(answer.errors.length).toBeLessThanOrEqual(100);
    }
  });
});

describe('text that no database can compare', () => {
  it.each(['type', 'tag', 'holder', 'cursor', 'status'])('is 400 in the query, in %s', async (name) => {
    for (const path of ['/v1/tasks', '/v1/tasks:count']) {
      const { status, body } = await service.call('GET', `${path}?${name}=a%00b`);
      expect([status, body.code]).toEqual([400, 'invalid_query']);
    }
  });

  it.each(['GET /v1/tasks/@', 'GET /v1/task-types/@', 'GET /v1/task-types/@/versions', 'DELETE /v1/keys/@', 'DELETE /v1/hooks/@'])(
    'names nothing in a path: %s',
    async (endpoint) => {
      const [method = '', path = ''] = endpoint.split(' ');
      expect((await service.call(method, path.replace('@', 'a%00b'))).status).toBe(404);
    },
  );
});

describe('a filter', () => {
  it('of several statuses may be written either way', async () => {
    const key = `filter-${Date.now()}`;
    const { id } = (await submit({ ...sum, tags: [key], scheduledFor: '2030-01-01T00:00:00Z' })).body;
    for (const query of ['status=failed&status=scheduled', 'status=failed,scheduled'])
      expect((await service.call('GET', `/v1/tasks?tag=${key}&${query}`)).body.items.map((task: any) => task.id)).toEqual([id]);
  });

  it.each(['tag=a&tag=b', 'system=maybe', 'type=a@1@2', 'type=@1', 'type=', 'kind=x', 'limit=1&limit=2'])(
    'that cannot be meant is 400, not a list of something else: %s',
    async (query) => {
      expect((await service.call('GET', `/v1/tasks?${query}`)).body.code).toBe('invalid_query');
    },
  );
});

describe('the failure of a person', () => {
  it('may bring details as any error does, and is final', async () => {
    const name = `hostile.manual-${Date.now()}`;
    await service.call('POST', '/v1/task-types', { name, version: 1, kind: 'manual' });
    const { id } = (await submit({ type: name, input: {} })).body;
    await service.call('POST', `/v1/tasks/${id}/claim`, {});
    const fail = (error: object) => service.call('POST', `/v1/tasks/${id}/fail`, { error });
    expect((await fail({ code: 'no', message: 'no', retryable: true })).body.errors[0].pointer).toBe('#/error/retryable');
    const failed = await fail({ code: 'no', message: 'no', retryable: false, details: { why: 'ill' } });
    expect([failed.status, failed.body.error]).toEqual([200, { code: 'no', message: 'no', retryable: false, details: { why: 'ill' } }]);
  });
});

/** What the service says to bytes as they are, until it hangs up or `waitMs` have passed. */
function raw(bytes: string, waitMs = 1_000): Promise<string> {
  const { port, hostname } = new URL(service.url);
  return new Promise((done) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', () => undefined);
    socket.on('close', () => done(answer));
    setTimeout(() => socket.destroy(), waitMs);
  });
}
