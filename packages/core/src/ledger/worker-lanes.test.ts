import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { TaskSpec } from '../task.ts';
import { START } from '../lifecycle/given.fixture.ts';
import { ask, openLedger, read, spec, submit } from './open-ledger.fixture.ts';

const LANE = 'workers/report.render@1';
const remote = (over: Partial<TaskSpec> = {}): TaskSpec =>
  spec({ route: { executor: 'worker', lane: LANE, rule: 'default', reason: 'no handler' }, ...over });
const heartbeat = (fence: number) => ({ type: 'heartbeat', actor: { kind: 'worker', id: 'w' }, fence }) as const;

describe('a ledger that remote workers poll', () => {
  it('hands out what is ready in their lanes, first by priority, and nothing of other lanes', async () => {
    const { ledger, sent } = openLedger();
    const late = await submit(ledger, remote({ priority: 4 }));
    const first = await submit(ledger, remote({ priority: 1 }));
    await submit(ledger, remote({ route: { executor: 'worker', lane: 'workers/other@1', rule: 'default', reason: '' } }));
    const taken = await ledger.poll([LANE], 10, 'w');
    expect(taken.map(({ task }) => task.id)).toEqual([first.id, late.id]);
    expect(await ledger.poll([LANE], 10, 'w')).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('wakes who waits when a task becomes ready, and at once where one is', async () => {
    const { ledger } = openLedger();
    const woken = ledger.waitForWork([LANE], 20_000);
    await submit(ledger, remote());
    await woken;
    await ledger.waitForWork([LANE], 20_000);
    expect(await ledger.poll([LANE], 1, 'w')).toHaveLength(1);
  });

  it('lends a task for its heartbeat, renews it by that, and never beyond the end of the attempt', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, remote({ timeouts: { heartbeatMs: 5_000, startToCloseMs: 8_000 } }));
    const [lent] = await ledger.poll([LANE], 1, 'w');
    expect(lent?.leaseUntil).toBe(START + 5_000);
    turn.now += 4_000;
    expect(await ask(ledger, task.id, heartbeat(1))).toMatchObject({ ok: true, leaseUntil: START + 8_000 });
    turn.now = START + 8_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).error).toMatchObject({ code: 'timeout.start_to_close' });
  });

  it('takes a task back whose worker is silent for longer than its heartbeat', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, remote({ timeouts: { heartbeatMs: 5_000, startToCloseMs: 60_000 } }));
    await ledger.poll([LANE], 1, 'w');
    turn.now += 4_000;
    await ask(ledger, task.id, heartbeat(1));
    turn.now += 4_999;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('running');
    turn.now += 1;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'retrying', error: { code: 'timeout.heartbeat' } });
    expect(await ask(ledger, task.id, heartbeat(1))).toMatchObject({ ok: false, rejection: { code: 'lease_lost' } });
  });

  it('gives the next attempt what the last heartbeat kept', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, remote());
    await ledger.poll([LANE], 1, 'w');
    await ledger.note([{ taskId: task.id, fence: 1, checkpoint: { page: 7 } }]);
    turn.now += 60_000;
    await ledger.tick();
    turn.now += 1_000;
    await ledger.tick();
    expect((await ledger.poll([LANE], 1, 'w'))[0]?.checkpoint).toEqual({ page: 7 });
  });
});

describe('large inputs', () => {
  const large = { text: 'x'.repeat(1_000_000) };

  it('do not travel in one answer to a poll: what does not fit stays ready', async () => {
    const { ledger } = openLedger();
    for (let i = 0; i < 6; i++) await submit(ledger, remote({ input: large }));
    expect(await ledger.poll([LANE], 10, 'w')).toHaveLength(4);
    expect(await ledger.poll([LANE], 10, 'w')).toHaveLength(2);
  });

  it('do not travel in one answer to a begin: the rest is handed to the lane again', async () => {
    const { ledger, sent } = openLedger();
    const tasks = [];
    for (let i = 0; i < 6; i++) tasks.push(await submit(ledger, spec({ input: large })));
    sent.length = 0;
    const begun = await ledger.begin(
      tasks.map(({ id }) => id),
      'service',
      15_000,
    );
    expect(begun).toHaveLength(4);
    expect(sent.map(({ taskIds }) => taskIds)).toEqual(tasks.slice(4).map(({ id }) => [id]));
  });
});

describe('large answers', () => {
  it('of a list are cut to what a call takes, and the next page goes on where it ended', async () => {
    const { ledger } = openLedger();
    for (let i = 0; i < 6; i++) await submit(ledger, remote({ input: { text: 'x'.repeat(1_000_000) } }));
    const first = await ledger.list({}, null, 50);
    expect(first.items).toHaveLength(4);
    const second = await ledger.list({}, first.scannedTo, 50);
    expect([second.items.length, second.scannedTo]).toEqual([2, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(6);
  });

  it('of attempts leave out what the oldest of them noted', async () => {
    const { ledger, turn } = openLedger();
    const retry = { ...spec().retry, maxAttempts: 9, initialIntervalMs: 0 };
    const task = await submit(ledger, remote({ retry }));
    for (let fence = 1; fence <= 6; fence++) {
      await ledger.poll([LANE], 1, 'w');
      await ledger.note([{ taskId: task.id, fence, checkpoint: 'x'.repeat(1_000_000) }]);
      turn.now += 60_000;
      await ledger.tick();
      await ledger.tick();
    }
    const attempts = (await ledger.attempts(task.id)) ?? [];
    expect(attempts.map(({ checkpoint }) => checkpoint !== undefined)).toEqual([false, false, true, true, true, true]);
  });
});

describe('a ledger with more to do than it can', () => {
  it('refuses submits before it accepts them, and hears what ends work', async () => {
    const { ledger, turn } = openLedger();
    const running = await submit(ledger, remote());
    await ledger.poll([LANE], 1, 'w');
    const { promise: disk, resolve } = Promise.withResolvers<void>();
    turn.durable = () => disk;
    // The first waits for the disk; those behind it fill the line.
    const accepted = [submit(ledger, remote()), ...Array.from({ length: 8_192 }, () => submit(ledger, remote()))];
    const refused = ledger.execute([
      { taskId: running.id, command: { type: 'cancel', actor: SYSTEM } },
      ...[remote()].map((one) => ({ taskId: one.id, command: { type: 'submit', actor: SYSTEM, spec: one } as const })),
    ]);
    resolve();
    const [cancel, refusal] = await refused;
    expect(cancel).toMatchObject({ ok: true, task: { id: running.id } });
    expect(refusal).toMatchObject({ ok: false, rejection: { code: 'overloaded' } });
    await Promise.all(accepted);
    expect(await ledger.count({})).toEqual({ running: 1, queued: 8_193 });
  });
});
