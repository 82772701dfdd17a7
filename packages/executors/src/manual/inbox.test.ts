import type { Person } from '@errand/core/actor';
import type { Command } from '@errand/core/command';
import { mintTaskId, type TaskId } from '@errand/core/id';
import { Ledger } from '@errand/core/ledger/ledger';
import { openSqlite } from '@errand/core/ledger/sqlite.ground';
import { MAX_COUNTED, type InboxQuery } from '@errand/core/inbox-query';
import type { LedgerPlatform } from '@errand/core/ledger-platform';
import type { Task, TaskSpec } from '@errand/core/task';
import { array, assert, asyncProperty, constantFrom, integer, option } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';

const START = 1_800_000_000_000;
const HOUR = 3_600_000;
const ADDRESS = { place: 0, object: 'inbox', shard: 0 } as const;
const ANA: Person = { id: 'ana', name: 'Ana', groups: ['ops'] };
const BEN: Person = { id: 'ben', groups: ['ops', 'legal'] };
const CIM: Person = { id: 'cim', groups: [] };

/** A ledger and its inbox over real SQLite in memory, with a clock that the test turns. */
function openInbox() {
  const { sql, transaction } = openSqlite();
  const clock = { now: START };
  const platform: LedgerPlatform = {
    sql,
    transaction,
    durable: async () => {},
    setAlarm: () => {},
    now: () => clock.now,
    random: () => 0.5,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    send: async () => {},
    post: async () => {},
  };
  const inbox = new Inbox(platform);
  const ledger = new Ledger('default/0/inbox/0', { ...platform, beside: inbox }, () => {});
  return { inbox, ledger, clock };
}

let { inbox, ledger, clock } = openInbox();
beforeEach(() => {
  ({ inbox, ledger, clock } = openInbox());
});

function spec(over: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id: mintTaskId(clock.now, ADDRESS, crypto.getRandomValues(new Uint8Array(13))),
    namespace: 'default',
    type: 'refund.approve',
    version: 1,
    kind: 'manual',
    input: { order: 'A-1' },
    priority: 3,
    tags: [],
    metadata: {},
    timeouts: {},
    retentionMs: 1_000,
    system: false,
    createdAt: clock.now,
    candidates: { users: [], groups: ['ops'] },
    retry: { maxAttempts: 1, initialIntervalMs: 0, backoffCoefficient: 1, maxIntervalMs: 0, jitter: 'none', nonRetryableCodes: [] },
    route: { executor: 'manual', lane: 'inbox', rule: 'default', reason: 'by kind' },
    ...over,
  };
}

async function submit(over: Partial<TaskSpec> = {}): Promise<Task> {
  const one = spec(over);
  clock.now += 1;
  return must(await ledger.execute([{ taskId: one.id, command: { type: 'submit', actor: { kind: 'key', id: 'k' }, spec: one } }]));
}

function must(results: Awaited<ReturnType<Ledger['execute']>>): Task {
  const [result] = results;
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return result.task;
}

async function ask(taskId: TaskId, command: Omit<Extract<Command, { type: 'claim' | 'release' }>, 'actor'>): Promise<boolean> {
  const [result] = await ledger.execute([{ taskId, command: { ...command, actor: { kind: 'person', id: command.person.id } } }]);
  return result?.ok === true;
}

function ids(over: Partial<InboxQuery> = {}): TaskId[] {
  return inbox
    .list({ view: 'groups', person: ANA, admin: false, sort: 'due', after: null, limit: 50, ...over })
    .items.map((task) => task.id);
}

describe('who sees a task', () => {
  it('offers it to its candidates by name and by group, and to everybody where there are none', async () => {
    const ops = await submit();
    const cims = await submit({ candidates: { users: ['cim'], groups: ['legal'] } });
    const open = await submit({ candidates: { users: [], groups: [] } });
    expect(ids({ person: ANA })).toEqual([ops.id, open.id]);
    expect(ids({ person: BEN })).toEqual([ops.id, cims.id, open.id]);
    expect(ids({ person: CIM })).toEqual([cims.id, open.id]);
  });

  it('shows everything to an administrator, and to others what they are offered or hold', async () => {
    const ops = await submit();
    const legal = await submit({ candidates: { users: [], groups: ['legal'] } });
    expect(ids({ view: 'all', person: CIM })).toEqual([]);
    expect(ids({ view: 'all', person: CIM, admin: true })).toEqual([ops.id, legal.id]);
    expect(inbox.list({ view: 'groups', admin: true, sort: 'due', after: null, limit: 9 }).items).toEqual([]);
  });

  it('does not take a user for a group of the same name', async () => {
    await submit({ candidates: { users: ['ops'], groups: [] } });
    expect(ids({ person: ANA })).toEqual([]);
  });
});

describe('what a claim does to the lists', () => {
  it('moves the task to its holder, and keeps it in sight of the others', async () => {
    const { id } = await submit();
    await ask(id, { type: 'claim', person: ANA });
    expect(ids({ view: 'mine', person: ANA })).toEqual([id]);
    expect(ids({ view: 'mine', person: BEN })).toEqual([]);
    expect(ids({ person: BEN })).toEqual([id]);
    expect(ids({ person: BEN, unclaimed: true })).toEqual([]);
    await ask(id, { type: 'release', person: ANA });
    expect(ids({ person: BEN, unclaimed: true })).toEqual([id]);
  });

  it('takes an ended or paused task out, and brings a resumed one back', async () => {
    const one = await submit();
    const two = await submit();
    const actor = { kind: 'key', id: 'k' } as const;
    await ledger.execute([
      { taskId: one.id, command: { type: 'cancel', actor } },
      { taskId: two.id, command: { type: 'pause', actor } },
    ]);
    expect(ids()).toEqual([]);
    await ledger.execute([{ taskId: two.id, command: { type: 'resume', actor } }]);
    expect(ids()).toEqual([two.id]);
  });

  it('goes back with the transaction that failed, and again with each command of its own', async () => {
    const sound = spec();
    const broken = spec({
      input: 'x',
      metadata: {
        toJSON: () => {
          throw new Error('not JSON');
        },
      } as never,
    });
    const actor = { kind: 'key', id: 'k' } as const;
    const results = await ledger.execute([sound, broken].map((one) => ({ taskId: one.id, command: { type: 'submit', spec: one, actor } })));
    expect(results.map((result) => result.ok || result.rejection.code)).toEqual([true, 'not_written']);
    expect(ids()).toEqual([sound.id]);
  });
});

describe('order and filters', () => {
  it('puts the earliest due date first, and tasks without one last', async () => {
    const never = await submit();
    const late = await submit({ dueAt: START + 2 * HOUR });
    const soon = await submit({ dueAt: START + HOUR });
    expect(ids()).toEqual([soon.id, late.id, never.id]);
    expect(ids({ sort: 'newest' })).toEqual([soon.id, late.id, never.id]);
    clock.now = START + HOUR + 1;
    expect(ids({ overdue: true })).toEqual([soon.id]);
  });

  it('are filtered by type, every version of it or one', async () => {
    const first = await submit();
    const second = await submit({ version: 2 });
    await submit({ type: 'refund.check' });
    expect(ids({ type: 'refund.approve' })).toEqual([first.id, second.id]);
    expect(ids({ type: 'refund.approve', version: 2 })).toEqual([second.id]);
  });

  it('finds text in type, tags and input, whatever its case', async () => {
    const one = await submit({ input: { order: 'A-17', note: 'Ünïcode "quoted"' } });
    const two = await submit({ tags: ['VIP'], type: 'address.check' });
    expect(ids({ text: 'a-17' })).toEqual([one.id]);
    expect(ids({ text: 'Ünïcode "QUOTED"' })).toEqual([one.id]);
    expect(ids({ text: 'vip' })).toEqual([two.id]);
    expect(ids({ text: 'Address.' })).toEqual([two.id]);
    expect(ids({ type: 'address.check' })).toEqual([two.id]);
    expect(ids({ text: '%' })).toEqual([]);
  });

  it('counts every view, whatever is filtered', async () => {
    await submit({ dueAt: START - HOUR });
    const { id } = await submit();
    await submit({ candidates: { users: [], groups: ['legal'] } });
    await ask(id, { type: 'claim', person: ANA });
    const { counts } = inbox.list({ view: 'mine', person: ANA, admin: true, sort: 'due', text: 'nothing', after: null, limit: 9 });
    expect(counts).toEqual({
      mine: { open: 1, unclaimed: 0, overdue: 0 },
      groups: { open: 2, unclaimed: 1, overdue: 1 },
      all: { open: 3, unclaimed: 2, overdue: 1 },
    });
  });

  it('pages through every task once, in both orders', async () => {
    await assert(
      asyncProperty(
        array(option(integer({ min: 0, max: 5 })), { maxLength: 25 }),
        integer({ min: 1, max: 7 }),
        constantFrom('due', 'newest'),
        async (dues, limit, sort) => {
          ({ inbox, ledger, clock } = openInbox());
          for (const due of dues) await submit(due === null ? {} : { dueAt: START + due * HOUR });
          const whole = ids({ sort, limit: 200 });
          const paged: TaskId[] = [];
          let after: string | null = null;
          do {
            const page = inbox.list({ view: 'groups', person: ANA, admin: false, sort, after, limit });
            paged.push(...page.items.map((task) => task.id));
            after = page.next;
          } while (after !== null);
          expect(paged).toEqual(whole);
          expect(new Set(paged).size).toBe(dues.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a very large inbox', () => {
  it('counts up to its bound, and pages as a small one does', async () => {
    const actor = { kind: 'key', id: 'k' } as const;
    const wide = Array.from({ length: MAX_COUNTED + 50 }, (_, i) => spec({ dueAt: START + ((i * 7_919) % 10_007) * HOUR }));
    await ledger.execute(wide.map((one) => ({ taskId: one.id, command: { type: 'submit', actor, spec: one } })));
    await submit({ dueAt: 0, candidates: { users: [], groups: ['legal'] } });
    const expected = wide
      .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id)
      .slice(0, 60);
    for (const view of ['groups', 'all'] as const) {
      const first = inbox.list({ view, person: ANA, admin: false, sort: 'due', after: null, limit: 30 });
      const second = inbox.list({ view, person: ANA, admin: false, sort: 'due', after: first.next, limit: 30 });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(expected);
      expect(first.counts[view].open).toBe(MAX_COUNTED);
    }
  });
});

describe('a key of a task that lives elsewhere', () => {
  it('belongs to the task that reserved it first, and refuses another body', async () => {
    const [one, two] = [spec(), spec()];
    const first = await ledger.reserve([{ key: 'k', taskId: one.id, digest: 'd' }]);
    const twin = await ledger.reserve([{ key: 'k', taskId: two.id, digest: 'd' }]);
    expect([first, twin]).toEqual([[{ ok: true, taskId: one.id }], [{ ok: true, taskId: one.id }]]);
    expect(await ledger.reserve([{ key: 'k', taskId: two.id, digest: 'other' }])).toMatchObject([
      { ok: false, rejection: { code: 'idempotency_conflict' } },
    ]);
    clock.now += 25 * HOUR;
    expect(await ledger.reserve([{ key: 'k', taskId: two.id, digest: 'other' }])).toEqual([{ ok: true, taskId: two.id }]);
  });

  it('is not given to a task of another kind with the same body', async () => {
    const manual = spec();
    await ledger.reserve([{ key: 'k', taskId: manual.id, digest: 'd' }]);
    const id = mintTaskId(clock.now, { place: 0, object: 'ledger', shard: 0 }, crypto.getRandomValues(new Uint8Array(13)));
    const command = { type: 'submit', actor: { kind: 'key', id: 'k' }, spec: spec({ id, kind: 'automated' }) } as const;
    const [result] = await ledger.execute([{ taskId: id, command, idempotency: { key: 'k', digest: 'd' } }]);
    expect(result).toMatchObject({ ok: false, rejection: { code: 'idempotency_conflict' } });
    expect(await ledger.read([id])).toEqual([null]);
  });

  it('inserts a reserved id once', async () => {
    const one = spec();
    const command = { type: 'submit', actor: { kind: 'key', id: 'k' }, spec: one } as const;
    const [first] = await ledger.execute([{ taskId: one.id, command, reserved: true }]);
    const [again] = await ledger.execute([{ taskId: one.id, command: { ...command, spec: { ...one, priority: 1 } }, reserved: true }]);
    expect(first).toMatchObject({ ok: true, task: { revision: 1 } });
    expect(again).toMatchObject({ ok: true, replayed: true, task: { revision: 1, priority: 3 } });
  });
});
