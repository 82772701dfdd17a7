import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const createKey = async (body: object, by?: string) => service.call('POST', '/v1/keys', body, by === undefined ? {} : as(by));
const keyFor = async (body: object): Promise<{ id: string; key: string }> => (await createKey({ name: 'a key', ...body })).body;
const pointers = (answer: { body: any }): string[] => answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);

describe('a key', () => {
  it('is shown once, may do what its scopes say, and acts as its person', async () => {
    const person = { id: 'ada', name: 'Ada L.', groups: ['ops'] };
    const made = await createKey({ name: 'reader', scopes: ['tasks:read'], person, expiresAt: '2031-01-01T00:00:00Z' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^key_/),
      key: expect.stringMatching(/^errand_dev_/),
      namespace: 'default',
      person,
    });
    const { id, key } = made.body;
    const me = await service.call('GET', '/v1/me', undefined, as(key));
    expect(me.body).toEqual({ keyId: id, namespace: 'default', scopes: ['tasks:read'], person });
    expect((await service.call('GET', '/v1/tasks', undefined, as(key))).status).toBe(200);
    const refused = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 1 } }, as(key));
    expect([refused.status, refused.body.code]).toEqual([403, 'missing_scope']);
    const listed = (await service.call('GET', '/v1/keys')).body.items.find((item: any) => item.id === id);
    expect(listed).toEqual({
      id,
      name: 'reader',
      namespace: 'default',
      scopes: ['tasks:read'],
      person,
      createdAt: expect.any(String),
      expiresAt: '2031-01-01T00:00:00.000Z',
    });
  });

  it('is dead once it is revoked', async () => {
    const { id, key } = await keyFor({ scopes: ['tasks:read'] });
    expect((await service.call('GET', '/v1/me', undefined, as(key))).status).toBe(200);
    expect((await service.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    expect((await service.call('GET', '/v1/me', undefined, as(key))).status).toBe(401);
    expect((await service.call('DELETE', `/v1/keys/${id}`)).status).toBe(404);
  });

  it('is dead once it has expired', async () => {
    const { key } = await keyFor({ scopes: ['tasks:read'], expiresAt: new Date(Date.now() + 700).toISOString() });
    expect((await service.call('GET', '/v1/me', undefined, as(key))).status).toBe(200);
    const deadline = Date.now() + 5_000;
    let { status } = await service.call('GET', '/v1/me', undefined, as(key));
    while (status === 200 && Date.now() < deadline) ({ status } = await service.call('GET', '/v1/me', undefined, as(key)));
    expect(status).toBe(401);
  });

  it('gives no scope that it does not have', async () => {
    const { key } = await keyFor({ scopes: ['keys:write', 'tasks:read'] });
    expect((await createKey({ name: 'a', scopes: ['tasks:read'] }, key)).status).toBe(201);
    const more = await createKey({ name: 'a', scopes: ['tasks:read', 'tasks:operate'] }, key);
    expect([more.status, more.body.code, more.body.detail]).toEqual([403, 'missing_scope', expect.stringContaining('tasks:operate')]);
    const elsewhere = await createKey({ name: 'a', scopes: ['tasks:read'], namespace: 'acme' }, key);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'not_operator']);
  });

  it('of the development directory stays, whatever is asked', async () => {
    const { body } = await service.call('GET', '/v1/me');
    expect((await service.call('DELETE', `/v1/keys/${body.keyId}`)).body.code).toBe('development_key');
    expect((await service.call('GET', '/v1/me')).status).toBe(200);
  });

  it('is listed newest first, page by page', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await service.call('GET', `/v1/keys?limit=2${cursor}`);
      ids.push(...body.items.map((item: any) => item.id));
      cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
    } while (cursor !== '');
    const { body } = await service.call('GET', '/v1/keys?limit=200');
    expect(ids).toEqual(body.items.map((item: any) => item.id));
    const times = body.items.map((item: any) => item.createdAt);
    expect(times).toEqual([...times].sort().toReversed());
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['#/name', '#/scopes']],
    ['no scope', { name: 'a', scopes: [] }, ['#/scopes']],
    ['an unknown scope', { name: 'a', scopes: ['tasks:read', 'tasks:all'] }, ['#/scopes/1']],
    ['a scope twice', { name: 'a', scopes: ['tasks:read', 'tasks:read'] }, ['#/scopes']],
    ['an unknown member', { name: 'a', scopes: ['tasks:read'], admin: true }, ['#/admin']],
    [
      'a person without an id',
      { name: 'a', scopes: ['tasks:read'], person: { groups: [1], role: 'x' } },
      ['#/person/id', '#/person/groups/0', '#/person/role'],
    ],
    ['an end that has passed', { name: 'a', scopes: ['tasks:read'], expiresAt: '2020-01-01T00:00:00Z' }, ['#/expiresAt']],
    ['an end that is no time', { name: 'a', scopes: ['tasks:read'], expiresAt: 'soon' }, ['#/expiresAt']],
    ['a namespace that is not there', { name: 'a', scopes: ['tasks:read'], namespace: 'nowhere' }, ['#/namespace']],
  ])('is refused with %s', async (_name, body, expected) => {
    const answer = await createKey(body);
    expect([answer.status, answer.body.code]).toEqual([422, 'input_invalid']);
    expect(pointers(answer).sort()).toEqual([...expected].sort());
  });

  it('that nobody made opens nothing', async () => {
    const { key } = await keyFor({ scopes: ['tasks:read'] });
    const typo = `${key.slice(0, -8)}${key.at(-8) === 'a' ? 'b' : 'a'}${key.slice(-7)}`;
    for (const wrong of [typo, `${key}x`, 'errand_dev_x_y', 'x'.repeat(5_000)])
      expect((await service.call('GET', '/v1/me', undefined, as(wrong))).status).toBe(401);
    expect((await service.call('GET', '/v1/me', undefined, { authorization: 'Basic eDp5' })).status).toBe(401);
  });
});

describe('a namespace', () => {
  it('is created with a secret that is shown once, and keys for it', async () => {
    const made = await service.call('POST', '/v1/namespaces', { name: 'acme', shards: 3, places: ['weur'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'acme',
      shards: 3,
      places: ['weur'],
      signingSecret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const again = await service.call('POST', '/v1/namespaces', { name: 'acme' });
    expect([again.status, again.body.code]).toEqual([409, 'namespace_exists']);
    const { body: list } = await service.call('GET', '/v1/namespaces');
    expect(list.items.map((item: any) => item.name)).toEqual(['acme', 'default']);
    expect(JSON.stringify(list)).not.toContain('whsec_');
    const { key, id } = await keyFor({
      namespace: 'acme',
      scopes: ['tasks:submit', 'tasks:read', 'types:write', 'keys:write', 'namespaces:write'],
    });
    const task = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 1 } }, { ...as(key), prefer: 'wait=10' });
    expect(task.body).toMatchObject({ namespace: 'acme', status: 'completed' });
    expect((await service.call('GET', '/v1/keys?namespace=acme')).body.items.map((item: any) => item.id)).toEqual([id]);
    expect((await service.call('DELETE', `/v1/keys/${id}`)).status).toBe(404);
    // The scope namespaces:write reaches no further than its own namespace.
    expect((await service.call('POST', '/v1/namespaces', { name: 'mine' }, as(key))).body.code).toBe('not_operator');
    expect((await createKey({ name: 'a', scopes: ['tasks:read'], namespace: 'default' }, key)).body.code).toBe('not_operator');
    expect((await service.call('GET', '/v1/keys?namespace=default', undefined, as(key))).status).toBe(404);
    expect((await service.call('GET', '/v1/namespaces', undefined, as(key))).body.items).toHaveLength(1);
    expect((await service.call('DELETE', `/v1/keys/${id}?namespace=acme`)).status).toBe(204);
    expect((await service.call('GET', '/v1/me', undefined, as(key))).status).toBe(401);
  });

  it('finds every task of every shard, and its keys where they were', async () => {
    await service.call('POST', '/v1/namespaces', { name: 'wide', shards: 4 });
    const { key } = await keyFor({ namespace: 'wide', scopes: ['tasks:submit', 'tasks:read'] });
    const submit = (i: number) =>
      service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: i, b: 1 } }, { ...as(key), 'idempotency-key': `k${i}` });
    const ids = new Set((await Promise.all(Array.from({ length: 24 }, (_, i) => submit(i)))).map(({ body }) => body.id));
    expect(ids.size).toBe(24);
    const shards = new Set([...ids].map((id) => id.slice(15, 18)));
    expect(shards.size).toBeGreaterThan(1);
    const replayed = await submit(7);
    expect([replayed.status, ids.has(replayed.body.id)]).toEqual([200, true]);
    expect((await service.call('GET', '/v1/tasks:count', undefined, as(key))).body.count).toBe(24);
    const listed = (await service.call('GET', '/v1/tasks?limit=200', undefined, as(key))).body.items.map((task: any) => task.id);
    expect(listed).toEqual([...ids].sort().toReversed());
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['#/name']],
    ['capitals', { name: 'Acme' }, ['#/name']],
    ['a dash at its end', { name: 'acme-' }, ['#/name']],
    ['a path', { name: '../x' }, ['#/name']],
    ['a name of 64 characters', { name: 'a'.repeat(64) }, ['#/name']],
    ['no shards', { name: 'a', shards: 0 }, ['#/shards']],
    ['too many shards', { name: 'a', shards: 65 }, ['#/shards']],
    ['an unknown place', { name: 'a', places: ['mars'] }, ['#/places/0']],
    ['a place twice', { name: 'a', places: ['weur', 'weur'] }, ['#/places']],
    ['an unknown member', { name: 'a', owner: 'me' }, ['#/owner']],
  ])('is refused with %s', async (_name, body, expected) => {
    const answer = await service.call('POST', '/v1/namespaces', body);
    expect([answer.status, pointers(answer)]).toEqual([422, expected]);
  });
});

describe('secrets', () => {
  it('are in no file of the service', async () => {
    const { key } = await keyFor({ scopes: ['tasks:read'] });
    const { body } = await service.call('POST', '/v1/namespaces', { name: 'secretive' });
    const files = readdirSync(directory.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    const secrets = [key.slice(-38), body.signingSecret.slice('whsec_'.length)];
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name)).toString('latin1');
      for (const secret of secrets) expect([file.name, bytes.includes(secret)]).toEqual([file.name, false]);
    }
  });
});
