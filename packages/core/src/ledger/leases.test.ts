import { describe, expect, it } from 'vitest';
import { FAILURE, START } from '../lifecycle/given.fixture.ts';
import { ask, openLedger, spec, submit } from './open-ledger.fixture.ts';

const worker = { kind: 'worker', id: 'service-1' } as const;
const remote = { executor: 'worker', lane: 'workers/example.sum@1', rule: 'default', reason: 'no handler' } as const;

describe('the lease of an attempt', () => {
  it('is over at once when its worker is known to have ended with its process, and a shared loss uses no attempt', async () => {
    const { ledger, reopen, turn } = openLedger();
    const [one, two] = [await submit(ledger, spec()), await submit(ledger, spec())];
    const ids = [one.id, two.id];
    await ledger.begin(ids, 'service-1', 15_000);
    turn.now += 100;
    const after = reopen({ isGone: (name) => name === 'service-1' });
    expect(turn.alarmAt).toBeLessThanOrEqual(turn.now);
    await after.tick();
    for (const task of await after.read(ids)) expect(task).toMatchObject({ status: 'queued', attempt: 0 });
    const [late] = await after.execute([
      { taskId: one.id, command: { type: 'report', actor: worker, fence: 1, outcome: FAILURE, delayFraction: 0 } },
    ]);
    expect(late).toMatchObject({ ok: false, rejection: { code: 'lease_lost' } });
  });

  it('outlives a restart when nobody can know what became of its worker', async () => {
    const { ledger, reopen, turn } = openLedger();
    const task = await submit(ledger, spec());
    await ledger.begin([task.id], 'service', 15_000);
    turn.now += 100;
    const after = reopen();
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: 'running' });
  });

  it('of a remote worker is not judged by what the worker calls itself', async () => {
    const { ledger, reopen, turn } = openLedger();
    const task = await submit(ledger, spec({ route: remote }));
    await ledger.poll([remote.lane], 1, 'service-1');
    turn.now += 100;
    const after = reopen({ isGone: () => true });
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: 'running' });
  });

  it('of a remote worker holds as long as its last sign of life allows, although the object was unloaded since', async () => {
    const { ledger, reopen, turn } = openLedger();
    const task = await submit(ledger, spec({ route: remote, timeouts: { heartbeatMs: 60_000 } }));
    const [assignment] = await ledger.poll([remote.lane], 1, 'w');
    turn.now = START + 50_000;
    await ask(ledger, task.id, { type: 'heartbeat', actor: { kind: 'worker', id: 'w' }, fence: assignment?.fence ?? 0 });
    // Unloaded at once, and loaded by nothing until the first lease would have ended.
    const [later, latest] = [START + 65_000, START + 110_001];
    turn.now = later;
    const after = reopen();
    await after.tick();
    turn.now = later + 3_000;
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: 'running' });
    turn.now = latest;
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: 'retrying', error: { code: 'timeout.heartbeat' } });
  });

  it.each(['pause', 'cancel'] as const)('of a remote worker is not cut short by a %s after the object was unloaded', async (type) => {
    const { ledger, reopen, turn } = openLedger();
    const task = await submit(ledger, spec({ route: remote, timeouts: { heartbeatMs: 8_000 } }));
    const [assignment] = await ledger.poll([remote.lane], 1, 'w');
    turn.now = START + 7_000;
    await ask(ledger, task.id, { type: 'heartbeat', actor: { kind: 'worker', id: 'w' }, fence: assignment?.fence ?? 0 });
    const after = reopen();
    await ask(after, task.id, { type, actor: worker });
    turn.now = START + 14_999;
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: 'running' });
    turn.now = START + 15_000;
    await after.tick();
    expect((await after.read([task.id]))[0]).toMatchObject({ status: type === 'pause' ? 'paused' : 'canceled' });
  });
});
