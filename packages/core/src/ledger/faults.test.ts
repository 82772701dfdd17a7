import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import { ask, begin, openLedger, read, spec, START, submit, WORKER } from './open-ledger.fixture.ts';

describe('a ledger whose platform fails it', () => {
  it('arms its alarm again when it is touched after one that never came', async () => {
    const { ledger, turn } = openLedger();
    await submit(ledger, spec());
    turn.alarmAt = Number.POSITIVE_INFINITY;
    turn.now += 60_000;
    await ledger.touch();
    expect(turn.alarmAt).toBeLessThanOrEqual(turn.now);
  });

  it('leaves tasks of remote workers to those who poll when it is opened again', async () => {
    const { ledger, reopen, turn, sent } = openLedger();
    const lane = 'worker:example.sum@1';
    const task = await submit(ledger, spec({ route: { executor: 'worker', lane, rule: 'default', reason: 'by kind' } }));
    turn.now += 10;
    const opened = reopen();
    await opened.tick();
    expect(sent).toEqual([]);
    expect((await opened.poll([lane], 1, 'w')).map((assignment) => assignment.task.id)).toEqual([task.id]);
  });

  it('does not wake at once, again and again, while a canceled attempt has its grace', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec());
    await begin(ledger, task.id);
    turn.now += 3_000;
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    // The alarm of the dispatch, which was begun long ago.
    turn.now = START + 5_000;
    await ledger.tick();
    expect(turn.alarmAt).toBe(START + 13_000);
    turn.now = START + 13_000;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'canceled', forced: true });
  });

  it('ends a task as canceled once a cancel was promised, though its time runs out first', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToCloseMs: 8_000 } }));
    await begin(ledger, task.id);
    turn.now += 5_000;
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    turn.now += 4_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('running');
    turn.now += 6_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('canceled');
  });

  it('begins no attempt once the time to start has passed, though the alarm is late', async () => {
    const { ledger, turn } = openLedger();
    const expired = await submit(ledger, spec({ ttlMs: 1_000 }));
    const timedOut = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToStartMs: 1_000 } }));
    const closed = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToCloseMs: 1_000 } }));
    const ids = [expired.id, timedOut.id, closed.id];
    turn.now += 1_000;
    expect(await ledger.begin(ids, 'service', 15_000)).toEqual([]);
    await ledger.tick();
    expect((await ledger.read(ids)).map((task) => task?.status)).toEqual(['expired', 'timed_out', 'timed_out']);
  });

  it('ends the attempt that waited for a callback when its task is skipped', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec());
    const fence = await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome: { kind: 'waiting', for: 'callback' }, delayFraction: 0 });
    await ask(ledger, task.id, { type: 'skip', actor: SYSTEM });
    expect(await ledger.attempts(task.id)).toMatchObject([{ outcome: 'canceled', endedAt: START }]);
  });
});
