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

interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: any;
  readonly retry?: string;
}

/** Reads frames until `enough` says so or the stream ends, then lets go of it. */
async function frames(
  response: Response,
  enough: (frames: Frame[]) => boolean = () => false,
): Promise<{ frames: Frame[]; ended: boolean }> {
  const seen: Frame[] = [];
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    seen.push(...parts.map(frameOf));
    // Leaving the loop lets go of the stream.
    if (enough(seen)) return { frames: seen, ended: false };
  }
  return { frames: seen, ended: true };
}

function frameOf(text: string): Frame {
  const members = Object.fromEntries(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { ...members, ...(members['data'] === undefined ? {} : { data: JSON.parse(members['data']) }) };
}

const submit = async (body: object) => (await service.call('POST', '/v1/tasks', body)).body;
const events = (id: string, headers: Record<string, string> = {}) =>
  service.request(`/v1/tasks/${id}/events`, { headers: { accept: 'text/event-stream', ...headers } });
const ids = (seen: Frame[]) => seen.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));

describe('events of a task as a stream', () => {
  it('come live with their sequence as id, until the task has ended', async () => {
    const { id } = await submit({ type: 'example.sleep', input: { ms: 300 } });
    const response = await events(id);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const { frames: seen, ended } = await frames(response);
    expect(ended).toBe(true);
    expect(seen[0]?.retry).toMatch(/^\d+$/);
    expect(ids(seen)).toEqual([1, 2, 3]);
    const { items } = (await service.call('GET', `/v1/tasks/${id}/events`)).body;
    expect(seen.flatMap(({ data }) => (data === undefined ? [] : [data]))).toEqual(items);
  });

  it('resume after Last-Event-ID, and are over with 204 when there is nothing more to come', async () => {
    const { id } = await submit({ type: 'example.sum', input: { a: 1, b: 2 } });
    await frames(await events(id));
    expect(ids((await frames(await events(id, { 'last-event-id': '1' }))).frames)).toEqual([2, 3]);
    expect((await events(id, { 'last-event-id': '3' })).status).toBe(204);
  });

  it('are refused for a Last-Event-ID that is none, and are 404 for no task', async () => {
    const { id } = await submit({ type: 'example.sum', input: { a: 1, b: 2 } });
    expect((await events(id, { 'last-event-id': 'x' })).status).toBe(400);
    expect((await events('task_x')).status).toBe(404);
  });

  it('end by themselves after 25 seconds while the task goes on', async () => {
    const { id } = await submit({
      type: 'example.sum',
      input: { a: 1, b: 2 },
      scheduledFor: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const began = Date.now();
    const [{ frames: seen, ended }, all] = await Promise.all([frames(await events(id)), stream().then((response) => frames(response))]);
    expect(Date.now() - began).toBeGreaterThan(24_000);
    expect([ended, all.ended, ids(seen)]).toEqual([true, true, [1]]);
    expect(all.frames[0]?.retry).toMatch(/^\d+$/);
  }, 30_000);
});

const stream = (headers: Record<string, string> = {}) =>
  service.request('/v1/stream', { headers: { accept: 'text/event-stream', ...headers } });

describe('the stream of changes', () => {
  it('tells of every change of a task, wherever it is kept', async () => {
    await service.call('POST', '/v1/task-types', { name: 'stream.ask', version: 1, kind: 'manual', inputSchema: {}, outputSchema: {} });
    const following = frames(
      await stream(),
      (seen) => seen.some(({ data }) => data?.status === 'completed') && seen.some(({ data }) => data?.manualState),
    );
    const sum = await submit({ type: 'example.sum', input: { a: 1, b: 2 } });
    const ask = await submit({ type: 'stream.ask', input: {} });
    const { frames: seen } = await following;
    const of = (id: string) => seen.flatMap(({ data }) => (data?.taskId === id ? [data] : []));
    // Where the executor is near, a task is begun in the commit that accepts it, and nobody sees it queued.
    const told = of(sum.id).map(({ status, revision }) => [status, revision]);
    expect(told.slice(-2)).toEqual([
      ['running', 2],
      ['completed', 3],
    ]);
    expect(told.slice(0, -2).every(([status]) => status === 'queued')).toBe(true);
    expect(of(ask.id)[0]).toMatchObject({ status: 'waiting', manualState: 'ready', type: 'stream.ask' });
  });

  it('never tells of another namespace', async () => {
    const other = `stream-${Date.now()}`;
    await service.call('POST', '/v1/namespaces', { name: other, shards: 3 });
    const scopes = ['tasks:read', 'tasks:submit'];
    const { key } = (await service.call('POST', '/v1/keys', { name: 's', scopes, namespace: other })).body;
    const theirs = { authorization: `Bearer ${key}` };
    const following = frames(await stream(theirs), (seen) => seen.some(({ data }) => data?.status === 'completed'));
    await submit({ type: 'example.sum', input: { a: 1, b: 2 } });
    const own = (await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 2 } }, theirs)).body;
    const told = (await following).frames.flatMap(({ data }) => (data === undefined ? [] : [data.taskId]));
    expect(new Set(told)).toEqual(new Set([own.id]));
  });
});
