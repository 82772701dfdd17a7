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
});
