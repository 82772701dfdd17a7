import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { LaneMessage } from '../assignment.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import type { TaskSpec } from '../task.ts';
import { createTask, evolve } from '../lifecycle/evolve.ts';
import { FAILURE, START } from '../lifecycle/given.fixture.ts';
import { Ledger } from './ledger.ts';
import { WINDOW } from './dispatch.ts';
import { ask, spec as given, submit, WORKER } from './open-ledger.fixture.ts';
import { openSqlite } from './sqlite.ground.ts';

/** A ledger over real SQLite, with a clock that the test turns. */
function openLedger() {
  const storage = openSqlite();
  const clock = { now: START };
  const sent: LaneMessage[] = [];
  let alarmAt = Number.POSITIVE_INFINITY;
  const platform: LedgerPlatform = {
    ...storage,
    durable: async () => {},
    setAlarm: (at) => {
      alarmAt = at;
    },
    now: () => clock.now,
    random: () => 0.5,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    send: async (_lane, messages) => {
      sent.push(...messages);
    },
    post: async () => {},
  };
  const open = () => new Ledger('default/0/ledger/0', platform, () => {});
  return { ledger: open(), reopen: open, clock, sent, alarm: () => alarmAt, sql: storage.sql };
}

/** A task that waits for half of its backoff: `random` is 0.5 here. */
function spec(over: Partial<TaskSpec> = {}): TaskSpec {
  const usual = given();
  return { ...usual, retry: { ...usual.retry, jitter: 'full' }, ...over };
}

describe('a ledger', () => {
  it('dispatches a submitted task in the same commit, begins it once and keeps its output', async () => {
    const { ledger, sent } = openLedger();
    const task = await submit(ledger, spec());
    expect(sent).toEqual([{ object: 'default/0/ledger/0', lane: 'automated', taskIds: [task.id] }]);
    const [assignment] = await ledger.begin([task.id], 'w', 15_000);
    expect(await ledger.begin([task.id], 'w', 15_000)).toEqual([]);
    const done = await ask(ledger, task.id, {
      type: 'report',
      actor: WORKER,
      fence: assignment?.fence ?? 0,
      outcome: { kind: 'completed', output: { sum: 3 } },
      delayFraction: 0,
    });
    expect(done.ok && done.task).toMatchObject({ status: 'completed', output: { sum: 3 }, attempt: 1 });
    const [read] = await ledger.read([task.id]);
    expect(read).toMatchObject({ status: 'completed', output: { sum: 3 } });
  });

  it('folds the events of a task to its stored row', async () => {
    const { ledger, clock } = openLedger();
    const task = spec();
    await submit(ledger, task);
    const [first] = await ledger.begin([task.id], 'w', 15_000);
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence: first?.fence ?? 0, outcome: FAILURE, delayFraction: 0.5 });
    clock.now += 600;
    await ledger.tick();
    const [second] = await ledger.begin([task.id], 'w', 15_000);
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence: second?.fence ?? 0, outcome: FAILURE, delayFraction: 0.5 });
    const events = (await ledger.events(task.id, 0)) ?? [];
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
    const [firstEvent, ...rest] = events;
    if (firstEvent === undefined) throw new Error('no events');
    const folded = rest.reduce(evolve, createTask(task, firstEvent));
    expect(folded).toEqual((await ledger.read([task.id]))[0]);
  });

  it('answers a repeated idempotency key with the first task, and refuses another body', async () => {
    const { ledger } = openLedger();
    const first = await submit(ledger, spec(), 'k');
    const second = await submit(ledger, spec(), 'k');
    expect(second.id).toBe(first.id);
    await expect(submit(ledger, spec(), 'k', 'other')).rejects.toThrow('idempotency_conflict');
  });

  it('refuses the result of an attempt whose lease was lost, and keeps it as evidence', async () => {
    const { ledger, clock } = openLedger();
    const task = await submit(ledger, spec());
    const [stale] = await ledger.begin([task.id], 'w', 15_000);
    clock.now += 15_001;
    await ledger.tick();
    const late = await ask(ledger, task.id, {
      type: 'report',
      actor: WORKER,
      fence: stale?.fence ?? 0,
      outcome: { kind: 'completed', output: 1 },
      delayFraction: 0,
    });
    expect(late.ok === false && late.rejection.code).toBe('lease_lost');
    expect((await ledger.events(task.id, 0))?.at(-1)?.change.type).toBe('task.result_refused');
    expect((await ledger.read([task.id]))[0]?.status).toBe('retrying');
  });

  it('requeues attempts lost together without using one, and sends them one by one', async () => {
    const { ledger, clock, sent } = openLedger();
    const tasks = [await submit(ledger, spec()), await submit(ledger, spec())];
    await ledger.begin(
      tasks.map((task) => task.id),
      'w',
      15_000,
    );
    sent.length = 0;
    clock.now += 15_001;
    await ledger.tick();
    expect(sent.map((message) => message.taskIds.length)).toEqual([1, 1]);
    expect((await ledger.read(tasks.map((task) => task.id))).map((task) => [task?.status, task?.attempt])).toEqual([
      ['queued', 0],
      ['queued', 0],
    ]);
  });

  it('keeps a renewed lease, and ends the attempt at startToClose all the same', async () => {
    const { ledger, clock } = openLedger();
    const task = await submit(ledger, spec({ retry: { ...spec().retry, maxAttempts: 1 } }));
    const [assignment] = await ledger.begin([task.id], 'w', 15_000);
    for (let i = 0; i < 5; i++) {
      clock.now += 10_000;
      await ask(ledger, task.id, { type: 'heartbeat', actor: WORKER, fence: assignment?.fence ?? 0, leaseMs: 15_000 });
      await ledger.tick();
      expect((await ledger.read([task.id]))[0]?.status).toBe('running');
    }
    clock.now += 10_000;
    await ledger.tick();
    expect((await ledger.read([task.id]))[0]).toMatchObject({ status: 'failed', error: { code: 'timeout.start_to_close' } });
  });

  it('sends a dispatch again that nobody began, without using an attempt', async () => {
    const { ledger, clock, sent, alarm } = openLedger();
    const task = await submit(ledger, spec());
    expect(alarm()).toBe(START + 5_000);
    clock.now += 5_000;
    await ledger.tick();
    expect(sent.map((message) => message.taskIds)).toEqual([[task.id], [task.id]]);
    expect((await ledger.read([task.id]))[0]).toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('hands over at most a window, first by priority', async () => {
    const { ledger, sent } = openLedger();
    const low = Array.from({ length: WINDOW + 5 }, () => spec({ priority: 4 }));
    await ledger.execute(low.map((one) => ({ taskId: one.id, command: { type: 'submit', actor: SYSTEM, spec: one } })));
    const urgent = await submit(ledger, spec({ priority: 1 }));
    const ids = () => sent.flatMap((message) => message.taskIds);
    expect(ids()).toHaveLength(WINDOW);
    expect(ids()).not.toContain(urgent.id);
    const begun = ids().at(0);
    const [assignment] = await ledger.begin(begun === undefined ? [] : [begun], 'w', 15_000);
    if (assignment === undefined) throw new Error('not begun');
    await ask(ledger, assignment.task.id, {
      type: 'report',
      actor: WORKER,
      fence: assignment.fence,
      outcome: { kind: 'completed', output: 1 },
      delayFraction: 0,
    });
    expect(ids().at(-1)).toBe(urgent.id);
  });

  it('resends what was in flight when it is opened again', async () => {
    const { ledger, reopen, sent, clock } = openLedger();
    const task = await submit(ledger, spec());
    sent.length = 0;
    clock.now += 10;
    await reopen().tick();
    expect(sent.map((message) => message.taskIds)).toEqual([[task.id]]);
  });

  it('lets one cancel win over a later completion', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec());
    const [assignment] = await ledger.begin([task.id], 'w', 15_000);
    const asked = await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    expect(asked.ok && asked.task).toMatchObject({ status: 'running', cancelRequestedAt: START });
    await ask(ledger, task.id, {
      type: 'report',
      actor: WORKER,
      fence: assignment?.fence ?? 0,
      outcome: { kind: 'completed', output: 1 },
      delayFraction: 0,
    });
    expect((await ledger.read([task.id]))[0]?.status).toBe('canceled');
  });

  it('delivers a callback as a system task born with the ending', async () => {
    const { ledger, sent } = openLedger();
    const task = await submit(ledger, spec({ callbackUrl: 'https://example.com/done' }));
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    expect((await ledger.list({}, null, 10)).items.map((one) => one.type)).toEqual(['example.sum']);
    const delivery = (await ledger.list({ system: true, kind: 'integration' }, null, 10)).items[0];
    expect(delivery).toMatchObject({ type: 'errand.callback', status: 'queued', input: { taskId: task.id } });
    expect(sent.at(-1)?.lane).toBe('integration');
  });

  it('gives every claim but the first the name of the holder', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec({ kind: 'manual', route: { executor: 'manual', lane: 'manual', rule: 'default', reason: '' } }));
    const people = Array.from({ length: 20 }, (_, i) => ({ id: `p${i}`, groups: [] }));
    const results = await Promise.all(
      people.map((person) => ask(ledger, task.id, { type: 'claim', actor: { kind: 'person', id: person.id }, person })),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results[5]).toMatchObject({ ok: false, rejection: { code: 'already_claimed', extra: { holder: { id: 'p0' } } } });
  });

  it('isolates a command that breaks the transaction from its neighbours', async () => {
    const { ledger, sql } = openLedger();
    sql.exec(`CREATE TRIGGER poison BEFORE INSERT ON tasks WHEN NEW.type = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END`);
    const results = await Promise.allSettled([submit(ledger, spec()), submit(ledger, spec({ type: 'poison' })), submit(ledger, spec())]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
