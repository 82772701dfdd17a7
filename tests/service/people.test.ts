import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, temporaryDirectory, type RunningService } from './running-service.ts';

const directory = temporaryDirectory();
let service: RunningService;
type Answer = Awaited<ReturnType<RunningService['call']>>;

const REFUND = {
  name: 'refund.approve',
  version: 1,
  kind: 'manual',
  inputSchema: { type: 'object' },
  outputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['decision'],
    properties: { decision: { enum: ['approve', 'reject'] }, comment: { type: 'string', maxLength: 10 } },
  },
  candidates: { users: ['cim'], groups: ['ops'] },
  dueIn: 'P2D',
};
const SCOPES = ['manual:work', 'tasks:read'];
const FULL = process.env['ERRAND_TEST_FULL'] === '1';

/** Somebody with a key of their own. */
type Caller = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
const called: Record<string, Caller> = {};

async function caller(name: string, person: object | undefined, scopes: readonly string[] = SCOPES): Promise<Caller> {
  const { body, status } = await service.call('POST', '/v1/keys', { name, scopes, ...(person === undefined ? {} : { person }) });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return (method, path, sent, headers = {}) => service.call(method, path, sent, { authorization: `Bearer ${body.key}`, ...headers });
}

beforeAll(async () => {
  service = await startService(directory.path);
  await service.call('POST', '/v1/task-types', REFUND);
  called['ana'] = await caller('Ana', { id: 'ana', name: 'Ana', groups: ['ops'] });
  called['ben'] = await caller('Ben', { id: 'ben', groups: ['ops', 'legal'] });
  called['cim'] = await caller('Cim', { id: 'cim', groups: [] });
  called['dee'] = await caller('Dee', { id: 'dee', groups: ['sales'] });
  called['boss'] = await caller('Boss', { id: 'boss', groups: [] }, ['manual:admin']);
  called['program'] = await caller('Program', undefined);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  directory.remove();
});

function as(name: string): Caller {
  const known = called[name];
  if (known === undefined) throw new Error(`There is no ${name}.`);
  return known;
}

async function submit(input: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await service.call('POST', '/v1/tasks', { type: 'refund.approve', input }, headers);
  if (status > 201) throw new Error(JSON.stringify(body));
  return body.id;
}

const read = async (id: string) => (await service.call('GET', `/v1/tasks/${id}`)).body;
const codeOf = ({ status, body }: Answer): unknown => [status, body.code];

describe('a manual task', () => {
  it('waits in the inbox for its candidates, with the date it is due', async () => {
    const before = Date.now();
    const task = await read(await submit({ order: 'A-1' }));
    expect(task).toMatchObject({ kind: 'manual', status: 'waiting', route: { executor: 'manual' } });
    expect(task.manual).toMatchObject({ state: 'ready', holder: null, candidates: { users: ['cim'], groups: ['ops'] } });
    expect(Date.parse(task.manual.dueAt)).toBeGreaterThanOrEqual(before + 2 * 86_400_000);
  });

  it('is completed by its holder, without a start, and the answer is its output', async () => {
    const id = await submit();
    const claimed = await as('ana')('POST', `/v1/tasks/${id}/claim`);
    expect([claimed.status, claimed.body.manual.state, claimed.body.manual.holder]).toEqual([200, 'reserved', { id: 'ana', name: 'Ana' }]);
    expect(claimed.headers.get('etag')).toBe(`"${claimed.body.revision}"`);
    const done = await as('ana')('POST', `/v1/tasks/${id}/complete`, { output: { decision: 'approve' } });
    expect([done.status, done.body.status, done.body.output]).toEqual([200, 'completed', { decision: 'approve' }]);
    const events = (await service.call('GET', `/v1/tasks/${id}/events`)).body.items;
    expect(events.map(({ type, actor }: any) => [type, actor.id])).toEqual([
      ['task.submitted', 'dev'],
      ['task.claimed', 'ana'],
      ['task.completed', 'ana'],
    ]);
  });

  it('fails with the holder’s reason, for good', async () => {
    const id = await submit();
    await as('cim')('POST', `/v1/tasks/${id}/claim`);
    const failed = await as('cim')('POST', `/v1/tasks/${id}/fail`, { error: { code: 'no.proof', message: 'There is no receipt.' } });
    expect(failed.body).toMatchObject({ status: 'failed', error: { code: 'no.proof', message: 'There is no receipt.', retryable: false } });
  });

  it('is released by its holder, or by an administrator of manual work', async () => {
    const id = await submit();
    await as('ana')('POST', `/v1/tasks/${id}/claim`);
    expect(codeOf(await as('ben')('POST', `/v1/tasks/${id}/release`))).toEqual([409, 'not_holder']);
    expect((await as('ana')('POST', `/v1/tasks/${id}/release`)).body.manual).toMatchObject({ state: 'ready', holder: null });
    await as('ben')('POST', `/v1/tasks/${id}/claim`);
    expect((await as('boss')('POST', `/v1/tasks/${id}/release`, { reason: 'Ben is ill' })).status).toBe(200);
    const { items } = (await service.call('GET', `/v1/tasks/${id}/events`)).body;
    expect(items.at(-1)).toMatchObject({ type: 'task.released', actor: { kind: 'person', id: 'boss' }, reason: 'Ben is ill' });
  });
});

describe('who may not', () => {
  it('is told so: another’s task, no candidate, no person, no scope, no manual task', async () => {
    const id = await submit();
    const { body } = await as('ana')('POST', `/v1/tasks/${id}/claim`);
    expect((await as('ana')('POST', `/v1/tasks/${id}/claim`)).body.revision).toBe(body.revision);
    const lost = await as('ben')('POST', `/v1/tasks/${id}/claim`);
    expect(codeOf(lost)).toEqual([409, 'already_claimed']);
    expect([lost.body.holder, lost.body.since]).toEqual([{ id: 'ana', name: 'Ana' }, body.manual.heldSince]);
    expect(codeOf(await as('dee')('POST', `/v1/tasks/${id}/claim`))).toEqual([403, 'not_candidate']);
    expect(codeOf(await as('ben')('POST', `/v1/tasks/${id}/complete`, { output: {} }))).toEqual([409, 'not_holder']);
    expect(codeOf(await as('ben')('POST', `/v1/tasks/${id}/fail`, { error: { code: 'x', message: 'y' } }))).toEqual([409, 'not_holder']);
    expect(codeOf(await as('program')('POST', `/v1/tasks/${id}/claim`))).toEqual([403, 'no_person']);
    expect(codeOf(await as('boss')('POST', `/v1/tasks/${id}/claim`))).toEqual([403, 'missing_scope']);
    const code = (await service.call('POST', '/v1/tasks', { type: 'example.sleep', input: { ms: 5_000 } })).body.id;
    expect(codeOf(await as('ana')('POST', `/v1/tasks/${code}/claim`))).toEqual([409, 'wrong_state']);
  });

  it('changes nothing with an invalid answer: it points at what is wrong, and the task stays held', async () => {
    const id = await submit();
    await as('ana')('POST', `/v1/tasks/${id}/claim`);
    const invalid = await as('ana')('POST', `/v1/tasks/${id}/complete`, { output: { decision: 'maybe', comment: 'far too long' } });
    expect(codeOf(invalid)).toEqual([422, 'output_invalid']);
    expect(invalid.body.errors.map(({ pointer }: any) => pointer).sort()).toEqual(['#/output/comment', '#/output/decision']);
    expect(codeOf(await as('ana')('POST', `/v1/tasks/${id}/complete`, {}))).toEqual([422, 'input_invalid']);
    expect(codeOf(await as('ana')('POST', `/v1/tasks/${id}/complete`, { output: {}, done: true }))).toEqual([422, 'input_invalid']);
    for (const error of [undefined, 'no', { code: 'x' }, { code: '', message: 'y' }, { code: 'x', message: 'y', extra: 1 }])
      expect(codeOf(await as('ana')('POST', `/v1/tasks/${id}/fail`, { error }))).toEqual([422, 'input_invalid']);
    expect((await read(id)).manual.holder.id).toBe('ana');
  });

  it('acts on what has changed meanwhile, when the revision is named', async () => {
    const id = await submit();
    expect(codeOf(await as('ana')('POST', `/v1/tasks/${id}/claim`, {}, { 'if-match': '"9"' }))).toEqual([412, 'revision_mismatch']);
    expect((await as('ana')('POST', `/v1/tasks/${id}/claim`, {}, { 'if-match': '"1"' })).status).toBe(200);
    const complete = as('ana')('POST', `/v1/tasks/${id}/complete`, { output: { decision: 'reject' } }, { 'if-match': '"1"' });
    expect(codeOf(await complete)).toEqual([412, 'revision_mismatch']);
  });
});

describe('the inbox', () => {
  it('shows each person what they hold and are offered, and counts it', async () => {
    const mark = `mark ${Math.random()}`;
    const [first = '', second = ''] = [await submit({ mark }), await submit({ mark })];
    await as('ana')('POST', `/v1/tasks/${first}/claim`);
    const list = async (name: string, query: string) =>
      (await as(name)('GET', `/v1/inbox?q=${encodeURIComponent(mark)}&${query}`)).body.items.map(({ id }: any) => id);
    expect(await list('ana', 'view=mine')).toEqual([first]);
    expect(await list('ben', 'view=groups')).toEqual([first, second]);
    expect(await list('ben', 'view=groups&unclaimed=true')).toEqual([second]);
    expect(await list('ben', 'view=groups&sort=newest')).toEqual([second, first]);
    expect(await list('dee', 'view=all')).toEqual([]);
    expect(await list('boss', 'view=all')).toEqual([first, second]);
    const before = (await as('ana')('GET', '/v1/inbox?view=mine')).body.counts;
    await as('ana')('POST', `/v1/tasks/${second}/claim`);
    const after = (await as('ana')('GET', '/v1/inbox?view=mine')).body.counts;
    expect([after.mine.open, after.groups.unclaimed]).toEqual([before.mine.open + 1, before.groups.unclaimed - 1]);
    const generic = (await service.call('GET', '/v1/tasks?kind=manual&status=waiting&holder=ana')).body.items;
    expect(generic.map(({ id }: any) => id)).toEqual(expect.arrayContaining([first, second]));
  });

  it('pages with a cursor that nobody makes up, and refuses what it does not know', async () => {
    for (let i = 0; i < 3; i++) await submit({ page: 'one by one' });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `/v1/inbox?limit=1&q=one+by+one${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { body }: Answer = await as('ana')('GET', query);
      seen.push(...body.items.map(({ id }: any) => id));
      cursor = body.nextCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([3, 3]);
    for (const [query, code] of [
      ['cursor=abc.def', 'invalid_cursor'],
      ['view=theirs', 'invalid_query'],
      ['sort=random', 'invalid_query'],
      ['limit=0', 'invalid_query'],
      ['holder=ana', 'invalid_query'],
      ['overdue=maybe', 'invalid_query'],
    ])
      expect(codeOf(await as('ana')('GET', `/v1/inbox?${query}`))).toEqual([400, code]);
    const reader = await caller('Reader', { id: 'eve', groups: ['ops'] }, ['tasks:read']);
    expect(codeOf(await reader('GET', '/v1/inbox'))).toEqual([403, 'missing_scope']);
  });
});

describe('races', () => {
  it('gives a task to one of two hundred who claim it at once, and tells the others whom', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `p${i}`);
    const people = await Promise.all(names.map((id) => caller(id, { id, groups: ['ops'] })));
    for (let round = 0; round < (FULL ? 50 : 3); round++) {
      const id = await submit();
      const answers = await Promise.all(people.map((person) => person('POST', `/v1/tasks/${id}/claim`)));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      const { holder, heldSince } = winners[0]?.body.manual ?? {};
      const told = answers.filter(({ status }) => status !== 200).map((lost) => [codeOf(lost), lost.body.holder, lost.body.since]);
      expect(told).toEqual(told.map(() => [[409, 'already_claimed'], holder, heldSince]));
      expect((await read(id)).manual.holder).toEqual(holder);
    }
  }, 60_000);

  it('lets a cancel or a completion win, and it is the one that was told so', async () => {
    const ended: Record<string, number> = { completed: 0, canceled: 0 };
    for (let round = 0; round < (FULL ? 1_000 : 60); round++) {
      const id = await submit();
      await as('ana')('POST', `/v1/tasks/${id}/claim`);
      const completed = as('ana')('POST', `/v1/tasks/${id}/complete`, { output: { decision: 'approve' } });
      // A completion reads first, so a cancel sent together with it comes before it, and one after two reads comes after it.
      for (let reads = round % 3; reads > 0; reads--) await read(id);
      const canceled = service.call('POST', `/v1/tasks/${id}/cancel`);
      const told = [(await completed).status, (await canceled).status];
      const { status } = await read(id);
      expect([status, told]).toEqual(status === 'completed' ? ['completed', [200, 409]] : ['canceled', [409, 200]]);
      ended[status] = (ended[status] ?? 0) + 1;
    }
    expect(Math.min(...Object.values(ended))).toBeGreaterThan(0);
  }, 60_000);

  it('makes one task of an idempotency key, though the key lives in another object than the task', async () => {
    const body = { type: 'refund.approve', input: { order: 'A-50' } };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => service.call('POST', '/v1/tasks', body, { 'idempotency-key': 'fifty' })),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const replay = await service.call('POST', '/v1/tasks', body, { 'idempotency-key': 'fifty' });
    expect([replay.status, replay.headers.get('idempotency-replayed'), replay.body.id]).toEqual([200, 'true', answers[0]?.body.id]);
    for (const other of [
      { ...body, priority: 1 },
      { type: 'example.sum', input: { a: 1, b: 2 } },
    ])
      expect(codeOf(await service.call('POST', '/v1/tasks', other, { 'idempotency-key': 'fifty' }))).toEqual([422, 'idempotency_conflict']);
  });
});
