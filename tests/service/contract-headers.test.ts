/** What callers may say beside the body, in all the ways in which HTTP lets them: each means the same on every runtime. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUNTIME, startService, temporaryDirectory, type RunningService } from './running-service.ts';

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
const scheduled = async (): Promise<string> =>
  (await service.call('POST', '/v1/tasks', { ...sum, scheduledFor: '2030-01-01T00:00:00Z' })).body.id;

describe('If-Match', () => {
  it.each([
    ['"7", "1"', 200],
    ['"1","2"', 200],
    ['"7", "8"', 412],
    ['W/"1"', 412],
    ['W/"1", "1"', 200],
    ['"01"', 412],
    ['1', 412],
    ['"1" "2"', 412],
  ])('%s of a task at revision 1 is %i, for a verb and for PATCH', async (match, status) => {
    const headers = { 'if-match': match };
    const paused = await service.call('POST', `/v1/tasks/${await scheduled()}/pause`, {}, headers);
    const patched = await service.call('PATCH', `/v1/tasks/${await scheduled()}`, { priority: 1 }, headers);
    expect([paused.status, patched.status]).toEqual([status, status]);
  });

  it('that is empty is none', async () => {
    const id = await scheduled();
    expect((await service.call('PATCH', `/v1/tasks/${id}`, { priority: 1 }, { 'if-match': '' })).status).toBe(428);
    expect((await service.call('POST', `/v1/tasks/${id}/pause`, {}, { 'if-match': '' })).status).toBe(200);
  });

  it('guards the routing rules alike', async () => {
    const { headers, body } = await service.call('GET', '/v1/routing-rules');
    const put = (match: string) => service.call('PUT', '/v1/routing-rules', { rules: body.rules }, { 'if-match': match });
    const etag = headers.get('etag') ?? '';
    expect([(await put(`"other", ${etag}`)).status, (await put(`W/${etag}`)).status, (await put('"other"')).status]).toEqual([
      200, 412, 412,
    ]);
  });
});

describe('If-None-Match', () => {
  it.each([
    ['"1"', 304],
    ['W/"1"', 304],
    ['"0", W/"1"', 304],
    ['*', 304],
    ['"2"', 200],
    ['1', 200],
  ])('%s of a task at revision 1 is %i', async (match, status) => {
    const response = await service.request(`/v1/tasks/${await scheduled()}`, { headers: { 'if-none-match': match } });
    expect([response.status, response.headers.get('etag')]).toEqual([status, '"1"']);
    await response.text();
  });
});

describe('a parameter', () => {
  it.each([
    ['GET', '/v1/tasks/@?wait=1&ifRevisionGreaterThen=1'],
    ['GET', '/v1/tasks/@/events?after=1'],
    ['POST', '/v1/tasks/@/pause?force=true'],
    ['GET', '/v1/task-types/example.sum?version=9'],
    ['GET', '/v1/keys?limt=1'],
    ['GET', '/v1/me?x'],
    ['GET', '/v1/tasks:count?limit=1'],
    ['GET', '/v1/inbox?owner=me'],
    ['GET', '/v1/inbox?type=a@b@c'],
  ])('that there is none of is 400, not unheard: %s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined;
    const answer = await service.call(method, path.replace('@', await scheduled()), body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_query']);
  });

  it('is read as it is meant, or refused', async () => {
    const type = { name: `headers.force-${Date.now()}`, version: 1, kind: 'automated' };
    expect((await service.call('POST', '/v1/task-types?force=yes', type)).body.code).toBe('invalid_query');
    expect((await service.call('POST', '/v1/task-types?force=true', type)).status).toBe(201);
  });

  it.each(['1', '2026', '2026-01-01', 'Jan 1 2026', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z', ''])(
    'that is a time is RFC 3339 and nothing else: "%s" is 400',
    async (text) => {
      for (const path of ['/v1/tasks', '/v1/tasks:count'])
        for (const name of ['createdAfter', 'createdBefore'])
          expect((await service.call('GET', `${path}?${name}=${encodeURIComponent(text)}`)).body.code).toBe('invalid_query');
    },
  );

  it('of its own may stand in a URL that a third party was given', async () => {
    for (const path of ['/v1/hooks/hook_x', '/v1/callbacks/x']) {
      const response = await fetch(`${service.url}${path}?from=psp`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(404);
      await response.text();
    }
  });
});

describe('a list', () => {
  it.each(['tasks', 'keys', 'hooks', 'connections', 'namespaces', 'task-types/headers.versions/versions'])(
    'has no next page after its last item: %s',
    async (list) => {
      for (const n of [1, 2, 3]) {
        const name = `headers-${n}`;
        await service.call('POST', '/v1/tasks', { ...sum, tags: ['headers.page'] });
        await service.call('POST', '/v1/keys', { name, scopes: ['tasks:read'] });
        await service.call('POST', '/v1/namespaces', { name });
        await service.call('POST', '/v1/task-types', { name: 'headers.versions', version: n, kind: 'automated' });
        await service.call('PUT', `/v1/connections/${name}`, { baseUrl: 'https://example.com', auth: { type: 'none' } });
        const secrets = [`whsec_${'a'.repeat(32)}`];
        await service.call('POST', '/v1/hooks', { name, preset: 'standard-webhooks', secrets, on: [{ submit: sum }] });
      }
      const filter = list === 'tasks' ? '&tag=headers.page' : '';
      const ask = async (query: string) => (await service.call('GET', `/v1/${list}?${query}${filter}`)).body;
      const all = (await ask('limit=200')).items;
      expect(all.length).toBeGreaterThanOrEqual(3);
      const exact = await ask(`limit=${all.length}`);
      expect([exact.items.length, exact.nextCursor]).toEqual([all.length, null]);
      const first = await ask(`limit=${all.length - 1}`);
      const second = await ask(`limit=${all.length - 1}&cursor=${encodeURIComponent(first.nextCursor)}`);
      expect([...first.items, ...second.items]).toEqual(all);
      expect(second.nextCursor).toBeNull();
    },
  );
});

it('null goes back to the default for one member of retry as for the whole', async () => {
  const { id, retry } = (
    await service.call('POST', '/v1/tasks', { ...sum, scheduledFor: '2030-01-01T00:00:00Z', retry: { maxAttempts: 9 } })
  ).body;
  const { status, body } = await service.call('PATCH', `/v1/tasks/${id}`, { retry: { maxAttempts: null } }, { 'if-match': '"1"' });
  expect([retry.maxAttempts, status, body.retry]).toEqual([9, 200, { ...retry, maxAttempts: 3 }]);
});

it.runIf(RUNTIME === 'node').each(['a b', 'a/b?c', 'x:99999'])('a Host that is none is 400 with a problem (%s)', async (host) => {
  const answer = await raw(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain('"code":"malformed"');
});

it.runIf(RUNTIME === 'node')('a request of HTTP/1.0 needs no Host', async () => {
  expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

/** The answer to bytes as they are, once the service hangs up. */
function raw(bytes: string): Promise<string> {
  const { port, hostname } = new URL(service.url);
  return new Promise((done, fail) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', fail);
    socket.on('close', () => done(answer));
  });
}
