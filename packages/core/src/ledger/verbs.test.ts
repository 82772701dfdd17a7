import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { Command } from '../command.ts';
import { createTask, evolve } from '../lifecycle/evolve.ts';
import { FAILURE, START } from '../lifecycle/given.fixture.ts';
import { ask, begin, openLedger, read, spec, submit, WORKER } from './open-ledger.fixture.ts';

type Opened = ReturnType<typeof openLedger>['ledger'];
const report = (fence: number, outcome: Extract<Command, { type: 'report' }>['outcome']): Command => ({
  type: 'report',
  actor: WORKER,
  fence,
  outcome,
  delayFraction: 0,
});

async function foldMatches(ledger: Opened, task: ReturnType<typeof spec>): Promise<void> {
  const [first, ...rest] = (await ledger.events(task.id, 0)) ?? [];
  if (first === undefined) throw new Error('no events');
  expect(rest.reduce(evolve, createTask(task, first))).toEqual(await read(ledger, task.id));
}

describe('updating options', () => {
  const options = { priority: 1, tags: ['urgent'], metadata: { a: 1 }, timeouts: { startToCloseMs: 5_000 } } as const;

  it('survives a restart, is found by its new tag, and folds from the events', async () => {
    const { ledger, reopen } = openLedger();
    const task = spec({ input: { text: 'x'.repeat(10_000) } });
    await submit(ledger, task);
    expect(await ask(ledger, task.id, { type: 'update', actor: SYSTEM, options })).toMatchObject({ ok: true, task: { revision: 2 } });
    const opened = reopen();
    expect(await read(opened, task.id)).toMatchObject({ ...options, input: task.input, status: 'queued' });
    expect((await opened.list({ tag: 'urgent' }, null, 10)).items).toHaveLength(1);
    await foldMatches(opened, task);
  });

  it('puts a task before others of its lane', async () => {
    const { ledger } = openLedger();
    const route = { executor: 'worker', lane: 'workers/t@1', rule: 'default', reason: '' } as const;
    await submit(ledger, spec({ route }));
    const urgent = await submit(ledger, spec({ route, priority: 5 }));
    await ask(ledger, urgent.id, { type: 'update', actor: SYSTEM, options: { priority: 1 } });
    expect((await ledger.poll(['workers/t@1'], 1, 'w'))[0]?.task.id).toBe(urgent.id);
  });

  it('bounds a running attempt anew', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec());
    await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'update', actor: SYSTEM, options: { timeouts: { startToCloseMs: 5_000 } } });
    expect(turn.alarmAt).toBeLessThanOrEqual(START + 5_000);
    turn.now = START + 5_000;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'retrying', error: { code: 'timeout.start_to_close' } });
  });

  it('is refused once the task has ended, and when the task has changed meanwhile', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec());
    const stale = await ask(ledger, task.id, { type: 'update', actor: SYSTEM, options, ifRevision: 7 });
    expect(stale).toMatchObject({ ok: false, rejection: { code: 'revision_mismatch' } });
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    const ended = await ask(ledger, task.id, { type: 'update', actor: SYSTEM, options });
    expect(ended).toMatchObject({ ok: false, rejection: { code: 'wrong_state' } });
  });
});

describe('rescheduling', () => {
  it('moves a start, and counts timeouts from the new time', async () => {
    const { ledger, turn, sent } = openLedger();
    const task = spec({ timeouts: { startToCloseMs: 1_000, scheduleToCloseMs: 10_000 } });
    await submit(ledger, task);
    sent.length = 0;
    await ask(ledger, task.id, { type: 'reschedule', actor: SYSTEM, scheduledFor: START + 60_000 });
    turn.now = START + 59_999;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'scheduled', scheduledFor: START + 60_000 });
    turn.now += 1;
    await ledger.tick();
    expect(sent.map(({ taskIds }) => taskIds)).toEqual([[task.id]]);
    await foldMatches(ledger, task);
  });

  it('takes a time that has passed as now', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec({ timeouts: { startToCloseMs: 1_000, scheduleToCloseMs: 10_000 } }));
    await ask(ledger, task.id, { type: 'reschedule', actor: SYSTEM, scheduledFor: START - 3_600_000 });
    await ledger.tick();
    turn.now += 9_999;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('queued');
  });

  it('hides a manual task that nobody holds until its time, and refuses one that is held', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(
      ledger,
      spec({ kind: 'manual', timeouts: {}, route: { executor: 'manual', lane: 'inbox', rule: '', reason: '' } }),
    );
    await ask(ledger, task.id, { type: 'reschedule', actor: SYSTEM, scheduledFor: START + 1_000 });
    expect((await read(ledger, task.id)).status).toBe('scheduled');
    turn.now += 1_000;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'waiting', manual: { state: 'ready' } });
    await ask(ledger, task.id, { type: 'claim', actor: SYSTEM, person: { id: 'ann', groups: [] } });
    const held = await ask(ledger, task.id, { type: 'reschedule', actor: SYSTEM, scheduledFor: START + 9_000 });
    expect(held).toMatchObject({ ok: false, rejection: { code: 'wrong_state' } });
  });
});

describe('a pause asked for while an attempt runs', () => {
  it('is taken back by a resume', async () => {
    const { ledger } = openLedger();
    const task = spec();
    await submit(ledger, task);
    const fence = await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'pause', actor: SYSTEM });
    expect(await ask(ledger, task.id, { type: 'resume', actor: SYSTEM })).toMatchObject({ ok: true, task: { status: 'running' } });
    await ask(ledger, task.id, report(fence, FAILURE));
    expect((await read(ledger, task.id)).status).toBe('retrying');
    await foldMatches(ledger, task);
  });

  it('holds when the attempt goes on elsewhere: the task pauses, and what ends the wait still counts', async () => {
    const { ledger } = openLedger();
    const task = spec();
    await submit(ledger, task);
    const fence = await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'pause', actor: SYSTEM });
    await ask(ledger, task.id, report(fence, { kind: 'waiting', for: 'callback' }));
    expect(await read(ledger, task.id)).toMatchObject({ status: 'paused', resumeTo: 'waiting' });
    await ask(ledger, task.id, report(fence, FAILURE));
    expect(await read(ledger, task.id)).toMatchObject({ status: 'paused', resumeTo: 'retrying' });
    await foldMatches(ledger, task);
  });

  it('holds when the attempt is lost together with others', async () => {
    const { ledger, turn } = openLedger();
    const tasks = [spec(), spec()];
    for (const task of tasks) await submit(ledger, task);
    for (const task of tasks) await begin(ledger, task.id);
    for (const task of tasks) await ask(ledger, task.id, { type: 'pause', actor: SYSTEM });
    turn.now += 15_001;
    await ledger.tick();
    for (const task of tasks) {
      expect(await read(ledger, task.id)).toMatchObject({ status: 'paused', resumeTo: 'queued', attempt: 0 });
      await foldMatches(ledger, task);
    }
  });
});

describe('gauges', () => {
  it('count tasks by status, what ended, and what waits in each lane since when', async () => {
    const { ledger, turn } = openLedger();
    await submit(ledger, spec());
    turn.now += 5_000;
    const done = await submit(ledger, spec());
    const fence = await begin(ledger, done.id);
    await ask(ledger, done.id, report(fence, { kind: 'completed', output: 1 }));
    const { tally, ended, lanes } = await ledger.gauges();
    expect(tally.toSorted()).toEqual([
      ['example.sum', 'automated', 'completed', 1],
      ['example.sum', 'automated', 'queued', 1],
    ]);
    expect(ended).toEqual([['completed', 1]]);
    expect(lanes).toEqual([['automated', 1, START]]);
  });
});
