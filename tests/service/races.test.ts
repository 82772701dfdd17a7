/** Many at the same moment: one of them wins, everybody is told the truth, and the task is what they were told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoopback, type Loopback } from './loopback.ts';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const FULL = process.env['ERRAND_TEST_FULL'] === '1';
const TWINS = 50;
/** Rounds of a race of two, and of fifty. */
const DUELS = FULL ? 1_000 : 40;
const CROWDS = FULL ? 250 : 4;
const KILLS = FULL ? 25 : 2;
/** Duels under way at a time. */
const SIDE_BY_SIDE = 8;
const TIMEOUT_MS = FULL ? 900_000 : 60_000;
const TERMINAL = ['completed', 'failed', 'canceled', 'timed_out', 'expired', 'skipped'];

const directory = temporaryDirectory();
let thirdParty: Loopback;
let service: RunningService;
const env = (): Record<string, string> => ({ ERRAND_EGRESS_ALLOW: `127.0.0.1:${thirdParty.port}` });

beforeAll(async () => {
  thirdParty = await startLoopback();
  thirdParty.reply = () => ({ status: 202, body: {} });
  service = await startService(directory.path, { env: env() });
  await service.call('POST', '/v1/connections', { name: 'slow', baseUrl: thirdParty.url, auth: { type: 'none' } });
  const request = { connection: 'slow', path: '/', waitFor: 'callback' };
  for (const type of [
    { name: 'race.worker', kind: 'automated' },
    { name: 'race.manual', kind: 'manual' },
    { name: 'race.call', kind: 'integration', request },
  ])
    await service.call('POST', '/v1/task-types', { version: 1, ...type });
});
afterAll(async () => {
  await service?.stop();
  await thirdParty?.close();
  directory.remove();
});

type Answer = Awaited<ReturnType<RunningService['call']>>;
const post = (path: string, body: unknown, headers = {}): Promise<Answer> => service.call('POST', path, body, headers);
const read = async (id: string) => (await service.call('GET', `/v1/tasks/${id}`)).body;
const crowd = <T>(make: (i: number) => Promise<T>, size = TWINS): Promise<T[]> =>
  Promise.all(Array.from({ length: size }, (_, i) => make(i)));

async function ended(id: string) {
  const path = `/v1/tasks/${id}?wait=20&ifRevisionGreaterThan=`;
  for (let task = await read(id); ; task = (await service.call('GET', `${path}${task.revision}`)).body)
    if (TERMINAL.includes(task.status)) return task;
}

/** What was wrong in `count` rounds, some of them side by side, so that each meets the commits of others. */
async function disagreements(count: number, one: (round: number) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const round = next++;
      const found = await one(round);
      if (found !== undefined) wrong.push(`round ${round}: ${found}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return wrong;
}

describe(`${TWINS} submissions under one key`, () => {
  it.each(['race.worker', 'race.manual', 'race.call'])(
    'make one task, which all are told of: %s',
    async (type) => {
      for (let round = 0; round < CROWDS; round++) {
        const key = `${type}-${Date.now()}-${round}`;
        const task = { type, input: { round }, tags: [key] };
        const batch = { tasks: [{ ...task, idempotencyKey: key }] };
        const answers = await crowd((i) =>
          i % 5 === 4 ? post('/v1/tasks:batch', batch) : post('/v1/tasks', task, { 'idempotency-key': key }),
        );
        const told = answers.map(({ status, body, headers }) =>
          status === 207
            ? { status: body.items[0].status, id: body.items[0].task?.id }
            : { status, id: body.id, replayed: headers.get('idempotency-replayed') },
        );
        expect(new Set(told.map(({ id }) => id)).size).toBe(1);
        expect(told.filter(({ status }) => status === 201)).toHaveLength(1);
        for (const { status, replayed } of told)
          expect([200, 201]).toContain(status === 200 && replayed === null ? 'not said to be a replay' : status);
        expect((await service.call('GET', `/v1/tasks:count?tag=${key}`)).body.count).toBe(1);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'with different bodies make the task of one of them, and the others hear so',
    async () => {
      for (let round = 0; round < CROWDS; round++)
        for (const type of ['race.worker', 'race.manual']) {
          const key = `bodies-${type}-${Date.now()}-${round}`;
          const answers = await crowd((i) => post('/v1/tasks', { type, input: { body: i % 2 }, tags: [key] }, { 'idempotency-key': key }));
          const winner = answers.find(({ status }) => status === 201)?.body.input.body;
          const told = answers.map(({ status, body }) => (status === 422 ? body.code : body.input.body));
          expect(told).toEqual(answers.map((_, i) => (i % 2 === winner ? winner : 'idempotency_conflict')));
          expect((await service.call('GET', `/v1/tasks:count?tag=${key}`)).body.count).toBe(1);
        }
    },
    TIMEOUT_MS,
  );

  it(
    'make one task, too, when the service is killed among them and all come again',
    async () => {
      for (let round = 0; round < KILLS; round++) {
        const keys = ['race.worker', 'race.manual'].map((type) => ({ type, key: `kill-${type}-${Date.now()}-${round}` }));
        const all = () =>
          crowd(async (i) => {
            const { type, key } = keys[i % keys.length] ?? { type: '', key: '' };
            return {
              key,
              answer: await post('/v1/tasks', { type, input: {}, tags: [key] }, { 'idempotency-key': key }).catch(() => undefined),
            };
          });
        const first = all();
        await new Promise((done) => setTimeout(done, 3 + Math.random() * 25));
        await service.kill();
        const before = await first;
        service = await startService(directory.path, { env: env() });
        const after = await all();
        for (const { key } of keys) {
          const ids = [...before, ...after]
            .filter((one) => one.key === key)
            .flatMap(({ answer }) => (answer === undefined ? [] : [answer.body.id]));
          expect(new Set(ids).size).toBe(1);
          expect((await service.call('GET', `/v1/tasks:count?tag=${key}`)).body.count).toBe(1);
        }
      }
    },
    TIMEOUT_MS,
  );
});

describe('cancel against complete', () => {
  /** One of the two is told that it won, and the task agrees with both; anything else, in words. */
  async function judged(id: string, cancel: Answer, complete: Answer, completed: boolean): Promise<string | undefined> {
    const { status } = await ended(id);
    const agreed =
      status === 'completed' ? cancel.status === 409 && completed : status === 'canceled' && cancel.status === 200 && !completed;
    return agreed
      ? undefined
      : `${id} is ${status}; cancel was told ${cancel.status}, complete ${complete.status} ${complete.body.status ?? ''}`;
  }
  /** Half of the rounds the one is sent first, half the other. */
  const both = async <A, B>(round: number, a: () => Promise<A>, b: () => Promise<B>): Promise<[A, B]> => {
    if (round % 2 === 0) return Promise.all([a(), b()]);
    const [second, first] = await Promise.all([b(), a()]);
    return [first, second];
  };

  it(
    'of a remote worker: one wins',
    async () => {
      const wrong = await disagreements(DUELS, async (round) => {
        await post('/v1/tasks', { type: 'race.worker', input: {} });
        const [item] = (await post('/v1/workers/poll', { workerId: 'w', types: ['race.worker'], waitSeconds: 5 })).body.items;
        const [cancel, complete] = await both(
          round,
          () => post(`/v1/tasks/${item.task.id}/cancel`, {}),
          () => post(`/v1/attempts/${item.leaseToken}/complete`, { output: round }),
        );
        return judged(item.task.id, cancel, complete, complete.status === 200 && complete.body.status === 'completed');
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'of a person: one wins',
    async () => {
      const wrong = await disagreements(DUELS, async (round) => {
        const { id } = (await post('/v1/tasks', { type: 'race.manual', input: {} })).body;
        await post(`/v1/tasks/${id}/claim`, {});
        const [cancel, complete] = await both(
          round,
          () => post(`/v1/tasks/${id}/cancel`, {}),
          () => post(`/v1/tasks/${id}/complete`, { output: round }),
        );
        return [200, 409].includes(complete.status)
          ? judged(id, cancel, complete, complete.status === 200)
          : `complete was told ${complete.status}`;
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'of a third party’s callback: one wins',
    async () => {
      const wrong = await disagreements(DUELS, async (round) => {
        const task = (await post('/v1/tasks', { type: 'race.call', input: {} })).body;
        const path = `/v1/tasks/${task.id}?wait=20&ifRevisionGreaterThan=`;
        for (let now = task; now.status !== 'waiting';) now = (await service.call('GET', `${path}${now.revision}`)).body;
        const call = thirdParty.seen.findLast(({ headers }) => headers['idempotency-key'] === task.id);
        const callback = new URL(String(call?.headers['errand-callback-url'])).pathname;
        const [cancel, complete] = await both(
          round,
          () => post(`/v1/tasks/${task.id}/cancel`, {}),
          () => post(callback, { output: round }),
        );
        return [202, 410].includes(complete.status)
          ? judged(task.id, cancel, complete, complete.status === 202)
          : `complete was told ${complete.status}`;
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'of a handler in code: what cancel was told is what happens',
    async () => {
      const wrong = await disagreements(DUELS, async (round) => {
        const { id } = (await post('/v1/tasks', { type: 'example.sleep', input: { ms: 1 } })).body;
        await new Promise((done) => setTimeout(done, round % 20));
        const cancel = await post(`/v1/tasks/${id}/cancel`, {});
        const { status } = await ended(id);
        const agreed = cancel.status === 200 ? status === 'canceled' : cancel.status === 409 && status === 'completed';
        return agreed ? undefined : `${id} is ${status}; cancel was told ${cancel.status}`;
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
