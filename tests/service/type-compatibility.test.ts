import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService, temporaryDirectory } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;

beforeAll(async () => {
  service = await startService(directory.path);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

const text = { type: 'string' };
const publish = (version: number, input: object, output: object = {}, query = '') =>
  service.call('POST', `/v1/task-types${query}`, {
    name: 'versioned',
    version,
    kind: 'automated',
    inputSchema: { type: 'object', additionalProperties: false, ...input },
    outputSchema: { type: 'object', ...output },
  });

describe('a new version of a type', () => {
  it('that breaks nobody is published, and says how compatible it is', async () => {
    expect((await publish(1, { properties: { a: text } })).body).not.toHaveProperty('compatibility');
    const { status, body } = await publish(2, { properties: { a: text, b: text } });
    expect(status).toBe(201);
    expect(body.compatibility).toEqual({ previous: 'versioned@1', input: 'backward', output: 'full', breaks: [] });
  });

  it('that refuses inputs of the one before is refused itself, with the reasons, unless forced', async () => {
    const breaking = { properties: { a: text, b: { type: 'number' } }, required: ['a'] };
    const refused = await publish(3, breaking);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'incompatible_schema',
      errors: [
        { pointer: '#/inputSchema/required', detail: 'requires the property "a", which was not required' },
        { pointer: '#/inputSchema/properties/b/type', detail: 'does not admit a string' },
      ],
    });
    expect((await service.call('GET', '/v1/task-types/versioned@3')).status).toBe(404);
    const forced = await publish(3, breaking, {}, '?force=true');
    expect(forced.status).toBe(201);
    expect(forced.body.compatibility).toMatchObject({ previous: 'versioned@2', input: 'none' });
    expect((await publish(3, breaking)).status).toBe(200);
  });

  it('does not judge a repetition anew: its key answers with the task it made', async () => {
    const loose = { properties: { n: { type: 'number' } } };
    const publishKeyed = (version: number, input: object) =>
      service.call('POST', '/v1/task-types?force=true', {
        name: 'keyed',
        version,
        kind: 'automated',
        handler: 'example.echo@1',
        inputSchema: { type: 'object', ...input },
        outputSchema: {},
      });
    expect((await publishKeyed(1, loose)).status).toBe(201);
    const body = { type: 'keyed', input: { n: 1 } };
    const first = await service.call('POST', '/v1/tasks', body, { 'idempotency-key': 'before' });
    expect((await publishKeyed(2, { ...loose, required: ['m'] })).status).toBe(201);
    const again = await service.call('POST', '/v1/tasks', body, { 'idempotency-key': 'before' });
    expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([200, first.body.id, 'true']);
    const batch = await service.call('POST', '/v1/tasks:batch', {
      tasks: [
        { ...body, idempotencyKey: 'before' },
        { ...body, input: { n: 2 }, idempotencyKey: 'before' },
        { ...body, idempotencyKey: 'new' },
      ],
    });
    expect(batch.body.items.map(({ status, task }: any) => [status, task?.id])).toEqual([
      [200, first.body.id],
      [422, undefined],
      [422, undefined],
    ]);
    expect((await service.call('POST', '/v1/tasks', { ...body, input: { n: 2 } }, { 'idempotency-key': 'before' })).status).toBe(422);
  });

  it('may begin to say what there was no word of, or say no more', async () => {
    const plain = { name: 'wordless', kind: 'manual' };
    expect((await service.call('POST', '/v1/task-types', { ...plain, version: 1, outputSchema: { type: 'object' } })).status).toBe(201);
    expect((await service.call('POST', '/v1/task-types', { ...plain, version: 2, inputSchema: { type: 'object' } })).status).toBe(201);
  });

  it('that gives outputs the one before could not is refused too', async () => {
    const input = { properties: { a: text, b: { type: 'number' } }, required: ['a'] };
    expect((await publish(4, input, { properties: { sum: { type: 'integer' } }, required: ['sum'] })).status).toBe(201);
    const refused = await publish(5, input, { properties: { sum: { type: 'number' } } });
    expect(refused.body).toMatchObject({
      code: 'incompatible_schema',
      errors: [
        { pointer: '#/outputSchema', detail: '/required of versioned@4 requires the property "sum", which was not required' },
        { pointer: '#/outputSchema', detail: '/properties/sum/type of versioned@4 does not admit a number with a fraction' },
      ],
    });
  });
});
