import { describe, expect, it } from 'vitest';
import { openLedger, spec, submit } from './open-ledger.fixture.ts';

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
});
