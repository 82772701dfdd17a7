import { describe, expect, it } from 'vitest';
import { mintTaskId } from '../id.ts';
import { WINDOW } from './dispatch.ts';
import { START } from '../lifecycle/given.fixture.ts';
import { begin, openLedger, spec, submit } from './open-ledger.fixture.ts';
import { PollTimes } from './poll-times.ts';

const ROUTE = { executor: 'worker', lane: 'workers/a@1', rule: 'default', reason: '' } as const;

/** Specs in the order of their ids, so that the line they stand in is known. */
function specs(count: number, over: Parameters<typeof spec>[0] = {}) {
  return Array.from({ length: count }, (_, i) =>
    spec({ ...over, id: mintTaskId(START + i, { place: 0, object: 'ledger', shard: 0 }, new Uint8Array(13)) }),
  );
}

describe('the standing of a task', () => {
  it('counts those before it in line by priority, then by age', async () => {
    const { ledger } = openLedger();
    const [first, second, third] = specs(3, { route: ROUTE });
    const urgent = spec({ route: ROUTE, priority: 1 });
    for (const task of [first, second, third, urgent]) if (task !== undefined) await submit(ledger, task);
    const ahead = async (task = urgent) => (await ledger.standing(task.id))?.standing.ahead;
    expect([await ahead(), await ahead(first), await ahead(third)]).toEqual([0, 1, 3]);
    await ledger.poll([ROUTE.lane], 2, 'w');
    expect(await ahead(third)).toBe(1);
  });

  it('counts those in the hands of the lane, once the window is full', async () => {
    const { ledger } = openLedger();
    const tasks = specs(WINDOW + 2);
    for (const task of tasks) await submit(ledger, task);
    const standingOf = async (i: number) => (await ledger.standing((tasks[i] ?? spec()).id))?.standing;
    expect(await standingOf(0)).toMatchObject({ dispatched: true, resendAt: START + 5_000 });
    expect(await standingOf(WINDOW + 1)).toMatchObject({ dispatched: false, ahead: WINDOW + 1 });
  });

  it('tells how long a running attempt may stay silent, renewals counted', async () => {
    const { ledger, turn } = openLedger();
    const task = spec();
    await submit(ledger, task);
    const fence = await begin(ledger, task.id);
    expect((await ledger.standing(task.id))?.standing.leaseUntil).toBe(START + 15_000);
    turn.now += 10_000;
    await ledger.execute([
      { taskId: task.id, command: { type: 'heartbeat', actor: { kind: 'worker', id: 'service' }, fence, leaseMs: 15_000 } },
    ]);
    expect((await ledger.standing(task.id))?.standing.leaseUntil).toBe(START + 25_000);
  });

  it('tells when a worker last asked for its lane, as far back as the ledger remembers', async () => {
    const { ledger, reopen, turn } = openLedger();
    const task = spec({ route: ROUTE });
    await submit(ledger, task);
    expect((await ledger.standing(task.id))?.standing).toMatchObject({ polledAt: null, watchingSince: START });
    turn.now += 5_000;
    await ledger.waitForWork([ROUTE.lane], 0);
    expect((await ledger.standing(task.id))?.standing.polledAt).toBe(START + 5_000);
    expect((await reopen().standing(task.id))?.standing).toMatchObject({ polledAt: null, watchingSince: START + 5_000 });
    expect(await ledger.standing(spec().id)).toBeNull();
  });
});

it('remembers the lanes that were polled last, and no more than it may', () => {
  const polls = new PollTimes();
  polls.saw(['kept'], 1);
  polls.saw(
    Array.from({ length: 999 }, (_, i) => `lane-${i}`),
    2,
  );
  polls.saw(['kept'], 3);
  polls.saw(['one more'], 4);
  expect([polls.lastAt('kept'), polls.lastAt('lane-0'), polls.lastAt('one more')]).toEqual([3, null, 4]);
});
