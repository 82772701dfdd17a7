import { openLedger, read, spec, submit } from '@errand/core/ledger/open-ledger.fixture';
import type { Outcome } from '@errand/core/outcome';
import type { Timeouts } from '@errand/core/task-type';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { perform, type PerformDeps, type PerformingLedger } from './perform.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ledger with one task, and what a shell needs to perform it by `run`. `calls` runs before every call. */
async function stage(run: () => Promise<Outcome>, calls: (name: keyof PerformingLedger) => void = () => {}, timeouts: Timeouts = {}) {
  const { ledger, turn } = openLedger();
  const task = await submit(ledger, spec({ timeouts }));
  const stub = (): PerformingLedger => ({
    begin: async (...args) => (calls('begin'), ledger.begin(...args)),
    execute: async (...args) => (calls('execute'), ledger.execute(...args)),
    note: async (...args) => (calls('note'), ledger.note(...args)),
  });
  const deps: PerformDeps = {
    worker: 'service',
    ledger: stub,
    executor: () => ({ perform: run }),
    checkOutput: async (_task, output) => ({ ok: true, output }),
    now: () => turn.now,
    random: () => 0.5,
  };
  const message = { object: 'default/0/ledger/0', lane: 'automated', taskIds: [task.id] };
  return { ledger, turn, task, done: perform(message, deps) };
}

describe('a performed message', () => {
  it('is reported again when the object could not be reached', async () => {
    let failures = 2;
    const { ledger, task, done } = await stage(
      async () => ({ kind: 'completed', output: 7 }),
      (name) => {
        if (name === 'execute' && failures-- > 0) throw new Error('the object was reset');
      },
    );
    await vi.advanceTimersByTimeAsync(5_000);
    await done;
    expect(await read(ledger, task.id)).toMatchObject({ status: 'completed', output: 7 });
  });

  it('is reported again when the ledger could not store it', async () => {
    const { ledger, turn, task, done } = await stage(async () => {
      let failures = 2;
      turn.beforeStatement = (query) => {
        if (query.startsWith('UPDATE tasks SET status') && failures-- > 0) throw new Error('disk I/O error');
      };
      return { kind: 'completed', output: 7 };
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await done;
    expect(await read(ledger, task.id)).toMatchObject({ status: 'completed', output: 7 });
  });

  it('does not fail when nothing can be reported, for others may be under way', async () => {
    const { done } = await stage(
      async () => ({ kind: 'completed', output: 7 }),
      (name) => {
        if (name === 'execute') throw new Error('the object is gone');
      },
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(done).resolves.toBeUndefined();
  });

  it('keeps a lease while it works, and lets go of one that was lost, though the executor is deaf', async () => {
    let beats = 0;
    const { ledger, turn, task } = await stage(
      () => new Promise(() => {}),
      (name) => {
        if (name === 'execute') beats += 1;
      },
    );
    await vi.advanceTimersByTimeAsync(3_000);
    expect(beats).toBe(3);
    turn.now += 60_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('retrying');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(beats).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets go of a deaf attempt when its time is up, though nobody says that it is lost', async () => {
    await stage(() => new Promise(() => {}), undefined, { startToCloseMs: 2_000, heartbeatMs: 1_000 });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
