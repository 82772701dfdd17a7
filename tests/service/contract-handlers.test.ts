import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path, { env: { ERRAND_HANDLERS: join(import.meta.dirname, 'handlers', 'misbehaving.ts') } });
});
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

const perform = async (name: string, input: object = {}) =>
  (await service.call('POST', '/v1/tasks', { type: `misbehaving.${name}`, input }, { prefer: 'wait=20' })).body;

describe('a handler', () => {
  it.each([
    ['throws', 'application', 'TypeError: no such thing'],
    ['throws-text', 'application', 'only a text'],
    ['rejects-later', 'application', 'Error: later'],
    ['hangs', 'timeout.start_to_close', 'The attempt did not end in time.'],
    ['nothing', 'output_invalid', 'The handler returned nothing. Return a JSON value.'],
    ['function', 'output_invalid', 'The handler returned something that is no JSON value.'],
    ['cycle', 'output_invalid', 'The handler returned something that is no JSON value.'],
    ['bigint', 'output_invalid', 'The handler returned something that is no JSON value.'],
    ['huge', 'payload_too_large', 'The handler returned 10000002 characters; at most 1048576 are kept.'],
  ])('that %s fails its task with %s', async (name, code, message) => {
    expect(await perform(name)).toMatchObject({ status: 'failed', error: { code, message } });
  });

  it('that burns the processor holds up its own process, and neither its task nor those of others are lost', async () => {
    const [burnt, other] = await Promise.all([
      perform('burns', { ms: 1_500 }),
      service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 2 } }, { prefer: 'wait=20' }),
    ]);
    // Nothing can interrupt code that does not yield: what it gives counts, unless its time was noticed to be up.
    expect(['completed', 'failed']).toContain(burnt.status);
    expect(other.body).toMatchObject({ status: 'completed', output: { sum: 3 } });
  });

  it('that writes too much has the first lines kept, each cut', async () => {
    const { id } = await perform('chatty');
    const [attempt] = (await service.call('GET', `/v1/tasks/${id}/attempts`)).body.items;
    expect([attempt.logs.length, attempt.logs[0].message.length]).toEqual([200, 2_000]);
  });
});

describe('ERRAND_HANDLERS', () => {
  it('is refused by name when there is no such module', async () => {
    const elsewhere = temporaryDirectory();
    const starting = startService(elsewhere.path, { env: { ERRAND_HANDLERS: join(elsewhere.path, 'none.ts') } });
    await expect(starting).rejects.toThrow('ERRAND_HANDLERS: there is no file');
    elsewhere.remove();
  });
});
