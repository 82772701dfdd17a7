import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../apps/edge-worker/src/api/endpoints.ts';
import { compileJsonSchema } from '../../packages/core/src/validator/json-schema.ts';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;
let document: any;

beforeAll(async () => {
  service = await startService(directory.path);
  document = (await service.call('GET', '/openapi.json')).body;
});
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

const submit = async (body: object, headers = {}) => service.call('POST', '/v1/tasks', body, headers);
const sum = { type: 'example.sum', input: { a: 1, b: 2 } };

/** Says in words where `value` does not fit the documented answer, nothing where it does. */
function misfit(method: string, path: string, status: number, value: unknown): string | undefined {
  const responses = document.paths[path]?.[method]?.responses;
  const { content } = responses?.[status] ?? responses?.default ?? {};
  const schema = content?.['application/json']?.schema ?? content?.['application/problem+json']?.schema;
  if (schema === undefined) return `${method} ${path} documents no answer ${status}`;
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  const compiled = compileJsonSchema(JSON.parse(whole));
  if (!compiled.ok) return JSON.stringify(compiled.faults);
  const result = compiled.validator.validate(value as never);
  return result.ok ? undefined : JSON.stringify(result.errors);
}

describe('the OpenAPI document', () => {
  it('lists every endpoint and nothing else', () => {
    const listed = Object.entries<object>(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    expect(listed.toSorted()).toEqual(ENDPOINTS.map(({ method, path }) => `${method} ${path}`).toSorted());
    expect(document.openapi).toBe('3.1.0');
  });

  it('says for every endpoint what it does, which key it asks for and what it takes in its path', () => {
    for (const { method, path, scope } of ENDPOINTS) {
      const operation = document.paths[path][method];
      expect(operation.summary).toMatch(/^\S/);
      expect(operation.security ?? document.security).toEqual(scope === 'none' ? [] : [{ key: [] }]);
      const named = (operation.parameters ?? [])
        .filter((parameter: any) => parameter.in === 'path')
        .map((parameter: any) => parameter.name);
      expect(named.toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted());
    }
    const ids = ENDPOINTS.map(({ method, path }) => document.paths[path][method].operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('fits what the service answers', async () => {
    const task = (await submit(sum, { prefer: 'wait=20' })).body;
    const failed = (await submit({ type: 'example.flaky', input: { failures: 9, retryable: false } }, { prefer: 'wait=20' })).body;
    const answers: [string, string, string, unknown?][] = [
      ['get', '/healthz', '/healthz'],
      ['get', '/readyz', '/readyz'],
      ['get', '/v1/stats', '/v1/stats'],
      ['get', '/v1/tasks', '/v1/tasks?limit=5'],
      ['get', '/v1/tasks:count', '/v1/tasks:count'],
      ['get', '/v1/tasks/{id}', `/v1/tasks/${task.id}`],
      ['get', '/v1/tasks/{id}', `/v1/tasks/${failed.id}`],
      ['get', '/v1/tasks/{id}', '/v1/tasks/task_nothing'],
      ['get', '/v1/tasks/{id}/events', `/v1/tasks/${task.id}/events`],
      ['get', '/v1/tasks/{id}/attempts', `/v1/tasks/${failed.id}/attempts`],
      ['get', '/v1/tasks/{id}/explain', `/v1/tasks/${task.id}/explain`],
      ['get', '/v1/task-types', '/v1/task-types'],
      ['get', '/v1/keys', '/v1/keys'],
      ['get', '/v1/namespaces', '/v1/namespaces'],
      ['get', '/v1/routing-rules', '/v1/routing-rules'],
      ['post', '/v1/tasks', '/v1/tasks', sum],
      ['post', '/v1/tasks', '/v1/tasks', { type: 'no.such' }],
      ['post', '/v1/tasks:validate', '/v1/tasks:validate', sum],
      ['post', '/v1/tasks/{id}/replay', `/v1/tasks/${task.id}/replay`, {}],
      ['post', '/v1/tasks/{id}/cancel', `/v1/tasks/${task.id}/cancel`, {}],
      ['post', '/v1/workers/poll', '/v1/workers/poll', { workerId: 'w', types: ['example.sum'] }],
    ];
    for (const [method, path, url, body] of answers) {
      const answer = await service.call(method.toUpperCase(), url, body);
      expect([method, url, misfit(method, path, answer.status, answer.body)]).toEqual([method, url, undefined]);
    }
  });
});

describe('Accept', () => {
  it.each(['application/json', 'application/problem+json', 'application/*', '*/*', 'text/html, */*;q=0.1'])(
    '%s is answered',
    async (accept) => {
      expect((await service.call('GET', '/v1/tasks', undefined, { accept })).status).toBe(200);
    },
  );

  it('is 406 where nothing fits, as a problem all the same', async () => {
    for (const [path, accept] of [
      ['/v1/tasks', 'text/html'],
      ['/v1/stream', 'application/json'],
      ['/metrics', 'application/json'],
      ['/v1/tasks/task_x/events', 'image/png'],
    ] as const) {
      const { status, headers, body } = await service.call('GET', path, undefined, { accept });
      expect([path, status, headers.get('content-type'), body.code]).toEqual([path, 406, 'application/problem+json', 'not_acceptable']);
    }
  });
});

describe('methods', () => {
  it('OPTIONS says what a path takes, and allows no other origin', async () => {
    const response = await service.request('/v1/tasks', {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST', authorization: '' },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const cross = await service.call('GET', '/v1/tasks', undefined, { origin: 'https://elsewhere.example' });
    expect(cross.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('HEAD is GET without a body, streams too', async () => {
    const { id } = (await submit(sum)).body;
    for (const [path, type] of [
      [`/v1/tasks/${id}`, 'application/json'],
      ['/v1/stream', 'text/event-stream'],
    ] as const) {
      const response = await service.request(path, { method: 'HEAD' });
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, '']);
    }
  });

  it('others are 405 with Allow, and an unknown path is 404 whatever the method', async () => {
    const wrong = await service.call('PUT', '/v1/tasks/task_x', {});
    expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET, PATCH, HEAD, OPTIONS']);
    for (const method of ['GET', 'POST', 'DELETE']) expect((await service.call(method, '/v1/nothing')).status).toBe(404);
    expect((await service.call('GET', '/v1/tasks/%ff%00%2e%2e')).status).toBe(404);
  });
});

describe('a trace', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

  it('is the one of traceparent, in the answer and in every problem', async () => {
    const found = await service.call('GET', '/healthz', undefined, { traceparent });
    expect(found.headers.get('traceresponse')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    for (const path of ['/v1/tasks/task_x', '/v1/nothing', '/v1/tasks?limit=0']) {
      const { headers, body } = await service.call('GET', path, undefined, { traceparent });
      expect([body.traceId, headers.get('traceresponse')?.slice(3, 35)]).toEqual([TRACE, TRACE]);
    }
  });

  it('is a new one where none was sent, or one that is none', async () => {
    for (const headers of [{}, { traceparent: 'nonsense' }, { traceparent: `ff-${TRACE}-b7ad6b7169203331-01` }]) {
      const { body } = await service.call('GET', '/v1/nothing', undefined, headers);
      expect(body.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(body.traceId).not.toBe(TRACE);
    }
  });
});

describe('operations', () => {
  it('metrics count tasks, requests and latencies; a key sees its own namespace alone', async () => {
    await submit(sum, { prefer: 'wait=20' });
    await submit(sum);
    const open = await (await fetch(`${service.url}/metrics`)).text();
    expect(open).toMatch(/^errand_tasks\{namespace="default",type="example\.sum",kind="automated",status="completed"\} \d+$/m);
    expect(open).toMatch(/^errand_tasks_ended_total\{namespace="default",status="completed"\} \d+$/m);
    expect(open).toMatch(/^errand_http_requests_total\{method="POST",path="\/v1\/tasks",status="201"\} \d+$/m);
    expect(open).toMatch(/^errand_submit_duration_seconds_count [1-9]\d*$/m);
    const other = `metrics-${Date.now()}`;
    await service.call('POST', '/v1/namespaces', { name: other });
    const { key } = (await service.call('POST', '/v1/keys', { name: 'm', scopes: ['tasks:read'], namespace: other })).body;
    const keyed = await service.request('/metrics', { headers: { authorization: `Bearer ${key}` } });
    const text = await keyed.text();
    expect([keyed.status, keyed.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).not.toContain('"default"');
    expect((await service.call('GET', '/metrics', undefined, { authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  it('stats say how many tasks there are, and what ended in each minute of the last hour', async () => {
    await submit(sum, { prefer: 'wait=20' });
    const { body } = await service.call('GET', '/v1/stats');
    expect(body.byStatus.completed).toBeGreaterThan(0);
    expect(body.throughput).toHaveLength(60);
    const minutes = body.throughput.map((point: any) => Date.parse(point.minute));
    expect(minutes.every((at: number, i: number) => i === 0 || at - minutes[i - 1] === 60_000)).toBe(true);
    expect(body.throughput.reduce((total: number, point: any) => total + point.completed, 0)).toBe(body.byStatus.completed);
  });
});

describe('the documentation page', () => {
  const built = existsSync(join(import.meta.dirname, '..', '..', 'apps', 'edge-worker', 'dist', 'assets', 'docs', 'index.html'));
  if (!built) console.warn('The documentation page is not built: `npm test` builds it. It is not tried.');

  it.skipIf(!built)('is drawn from files of the service alone', async () => {
    const page = await fetch(`${service.url}/docs/`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '').filter((path) => !path.startsWith('data:'));
    expect(loaded.toSorted()).toEqual(['docs-page.js', 'swagger-ui-bundle.js', 'swagger-ui.css']);
    for (const path of loaded) expect((await fetch(`${service.url}/docs/${path}`)).status).toBe(200);
    expect((await fetch(`${service.url}/docs`, { redirect: 'manual' })).status).toBe(308);
  });
});

describe('bad input', () => {
  it.each([
    ['no body', undefined, {}, 415],
    ['another content type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['no content type', '{}', { 'content-type': '' }, 415],
    ['what is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), { 'content-type': 'application/json' }, 400],
    [
      'an idempotency key of 256 characters',
      JSON.stringify(sum),
      { 'content-type': 'application/json', 'idempotency-key': 'x'.repeat(256) },
      400,
    ],
    ['an empty idempotency key', JSON.stringify(sum), { 'content-type': 'application/json', 'idempotency-key': '' }, 400],
  ])('%s is refused', async (_name, body, headers, status) => {
    const response = await service.request('/v1/tasks', {
      method: 'POST',
      headers: headers as Record<string, string>,
      ...(body === undefined ? {} : { body }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
  });

  it.each([
    'GET /v1/tasks',
    'POST /v1/tasks',
    'GET /v1/stream',
    'GET /v1/stats',
    'POST /v1/workers/poll',
    'POST /v1/attempts/x/complete',
    'PATCH /v1/tasks/x',
  ])('%s is 401 without a key, and 403 without the scope', async (endpoint) => {
    const [method = '', path = ''] = endpoint.split(' ');
    const { key } = (await service.call('POST', '/v1/keys', { name: 'none', scopes: ['hooks:write'] })).body;
    const without = await service.call(method, path, undefined, { authorization: '' });
    expect([without.status, without.body.code, without.headers.get('www-authenticate')]).toEqual([401, 'unknown_key', 'Bearer']);
    const scopeless = await service.call(method, path, undefined, { authorization: `Bearer ${key}` });
    expect([scopeless.status, scopeless.body.code]).toEqual([403, 'missing_scope']);
  });

  it('a cursor that was tampered with, or is of another list, is 400', async () => {
    for (let i = 0; i < 3; i++) await submit(sum);
    const { nextCursor } = (await service.call('GET', '/v1/tasks?limit=1')).body;
    expect((await service.call('GET', `/v1/tasks?limit=1&cursor=${nextCursor}`)).status).toBe(200);
    for (const cursor of [`x${nextCursor}`, nextCursor.slice(0, -1), 'nonsense', '', `${nextCursor}.${nextCursor}`]) {
      const { status, body } = await service.call('GET', `/v1/tasks?limit=1&cursor=${encodeURIComponent(cursor)}`);
      expect([cursor, status, body.code]).toEqual([cursor, 400, 'invalid_cursor']);
    }
  });

  it('a body on a GET is ignored, and a foreign namespace looks like nothing', async () => {
    const { id } = (await submit(sum)).body;
    const other = `bad-input-${Date.now()}`;
    await service.call('POST', '/v1/namespaces', { name: other });
    const { key } = (await service.call('POST', '/v1/keys', { name: 'n', scopes: ['tasks:read', 'tasks:operate'], namespace: other })).body;
    const foreign = { authorization: `Bearer ${key}`, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const nothing = await service.call('GET', '/v1/tasks/task_00000000000000000000000000', undefined, foreign);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['GET', '/attempts'],
      ['POST', '/cancel'],
      ['POST', '/replay'],
    ] as const) {
      const answer = await service.call(method, `/v1/tasks/${id}${path}`, undefined, foreign);
      expect([answer.status, answer.body]).toEqual([404, nothing.body]);
    }
  });
});
