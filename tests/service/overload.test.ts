/**
 * More submits than are let in. Requests whose bodies have not come hold all places of a namespace, so that what is refused does not
 * hang on how fast this machine is. How long a neighbour waits is measured by `npm run bench:overload`.
 */
import { request, type ClientRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const PLACES = 8;
const BODY = JSON.stringify({ type: 'example.sum', version: 1, input: { a: 1, b: 2 } });

const directory = temporaryDirectory();
let service: RunningService;
let neighbour: Record<string, string>;
beforeAll(async () => {
  service = await startService(directory.path, { env: { ERRAND_MAX_SUBMITS: String(PLACES) } });
  await service.call('POST', '/v1/namespaces', { name: 'neighbour' });
  const { body } = await service.call('POST', '/v1/keys', { name: 'n', namespace: 'neighbour', scopes: ['tasks:submit', 'tasks:read'] });
  neighbour = { authorization: `Bearer ${body.key}` };
});
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

interface Held {
  readonly sent: ClientRequest;
  readonly status: Promise<number>;
  readonly id: Promise<string>;
}

/** A submit that has sent everything but most of its body. */
function holdPlace(): Held {
  const sent = request(`${service.url}/v1/tasks`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json', 'content-length': BODY.length },
  });
  const answer = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  // Some servers ask nobody before they have seen a byte of the body.
  const id = answer.then(({ text }) => JSON.parse(text).id);
  // Who is refused or goes away has none.
  id.catch(() => {});
  sent.write(BODY.slice(0, 1));
  return { sent, status: answer.then(({ status }) => status), id };
}

const submit = (headers: Record<string, string> = {}) => service.call('POST', '/v1/tasks', BODY, headers);

/** Takes all places. Twice as many ask for one, and once half of them are refused the other half is inside. */
async function holdAllPlaces(): Promise<Held[]> {
  const inside = new Set(Array.from({ length: 2 * PLACES }, holdPlace));
  for (const one of inside)
    void one.status.then(
      () => inside.delete(one),
      () => inside.delete(one),
    );
  await expect.poll(() => inside.size, { timeout: 15_000 }).toBe(PLACES);
  return [...inside];
}

describe('a namespace that submits more than is let in', () => {
  it('is refused before anything is read, keeps all it was promised, and takes nothing from another', async () => {
    const held = await holdAllPlaces();
    const refusal = await submit();
    expect(refusal.status).toBe(429);
    expect(refusal.body).toMatchObject({ code: 'too_many_submits', status: 429 });
    expect(refusal.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);

    // A batch, and a body that is no JSON at all: nobody looked at either.
    expect((await service.call('POST', '/v1/tasks:batch', { tasks: [] })).status).toBe(429);
    expect((await service.call('POST', '/v1/tasks', '{')).status).toBe(429);

    // What finishes work or reads it is heard, and so is everybody else.
    expect((await service.call('GET', '/v1/tasks:count')).status).toBe(200);
    const beside = await submit({ ...neighbour, prefer: 'wait=20' });
    expect([beside.status, beside.body.status, beside.body.output]).toEqual([201, 'completed', { sum: 3 }]);

    for (const { sent } of held) sent.end(BODY.slice(1));
    expect(await Promise.all(held.map(({ status }) => status))).toEqual(held.map(() => 201));
    const again = await submit();
    expect(again.status).toBe(201);

    for (const id of [...(await Promise.all(held.map((one) => one.id))), again.body.id])
      await expect.poll(async () => (await service.call('GET', `/v1/tasks/${id}`)).body.status, { timeout: 15_000 }).toBe('completed');
  });

  it('has its places back when clients go away without a word', async () => {
    const held = await holdAllPlaces();
    expect((await submit()).status).toBe(429);
    for (const { sent } of held) sent.destroy();
    await expect.poll(async () => (await submit()).status, { timeout: 15_000 }).toBe(201);
  });

  it('holds no place while it waits for a result', async () => {
    const slow = { type: 'example.sleep', version: 1, input: { ms: 3_000 } };
    const waiting = Array.from({ length: PLACES }, () => service.call('POST', '/v1/tasks', slow, { prefer: 'wait=20' }));
    await expect.poll(async () => (await service.call('GET', '/v1/tasks:count?type=example.sleep')).body.count).toBe(PLACES);
    expect((await submit()).status).toBe(201);
    expect((await Promise.all(waiting)).map(({ body }) => body.status)).toEqual(waiting.map(() => 'completed'));
  });
});
