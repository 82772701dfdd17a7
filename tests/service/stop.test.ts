import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RUNTIME, startService, temporaryDirectory, type RunningService } from './running-service.ts';

/** What was begun is finished first, in its first attempt. */
const FINISHED = ['task.submitted', 'task.started', 'task.completed'];

const directory = temporaryDirectory();
let service: RunningService;
afterAll(async () => {
  await service.stop();
  directory.remove();
});

async function submitSleep(service: RunningService, ms: number): Promise<string> {
  const { body } = await service.call('POST', '/v1/tasks', { type: 'example.sleep', input: { ms }, timeouts: { startToClose: 'PT5M' } });
  await expect.poll(async () => (await service.call('GET', `/v1/tasks/${body.id}`)).body.status).toBe('running');
  return body.id;
}

async function untilEnded(service: RunningService, id: string): Promise<any> {
  await expect.poll(async () => (await service.call('GET', `/v1/tasks/${id}`)).body.endedAt, { timeout: 20_000 }).toBeDefined();
  return (await service.call('GET', `/v1/tasks/${id}`)).body;
}

describe(`a stop on ${RUNTIME}`, () => {
  it('ends with 0, takes dev.json away, and leaves work that the next start finishes', async () => {
    service = await startService(directory.path);
    const short = await submitSleep(service, 900);
    const long = await submitSleep(service, 60_000);
    const held = service.call('GET', `/v1/tasks/${long}?wait=20&ifRevisionGreaterThan=9`).catch(() => 'cut off');
    const began = Date.now();
    expect(await service.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(existsSync(join(directory.path, 'dev.json'))).toBe(false);
    await held;
    service = await startService(directory.path);
    const task = await untilEnded(service, short);
    expect(task).toMatchObject({ status: 'completed', output: { ms: 900 } });
    const events = (await service.call('GET', `/v1/tasks/${short}/events`)).body.items.map(({ type }: { type: string }) => type);
    expect(events).toEqual(FINISHED);
    expect((await service.call('GET', `/v1/tasks/${long}`)).body.status).toMatch(/running|queued|retrying/);
    expect((await service.call('POST', `/v1/tasks/${long}/cancel`, {})).status).toBe(200);
    expect((await untilEnded(service, long)).status).toBe('canceled');
  }, 60_000);
});
