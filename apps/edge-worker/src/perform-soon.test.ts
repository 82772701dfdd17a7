import { openLedger, read, spec, submit } from '@errand/core/ledger/open-ledger.fixture';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PerformDeps } from './perform.ts';
import { performSoon } from './perform-soon.ts';
import { reportAll } from './report.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A ledger with begun tasks, each performed by the function at its place, and the answer that the ledger waits for. */
async function stage(handlers: readonly (() => Promise<Json>)[]) {
  const { ledger, turn } = openLedger();
  const tasks = await Promise.all(handlers.map((_, i) => submit(ledger, spec({ input: i }))));
  const assignments = await ledger.begin(
    tasks.map(({ id }) => id),
    'service',
    15_000,
  );
  const deps: PerformDeps = {
    worker: 'service',
    ledger: () => ledger,
    executor: ({ input }) => ({
      perform: async (): Promise<Outcome> => ({ kind: 'completed', output: (await handlers[Number(input)]?.()) ?? null }),
    }),
    checkOutput: async (_task, output) => ({ ok: true, output }),
    now: () => turn.now,
    random: () => 0.5,
  };
  const kept: Promise<void>[] = [];
  const answer = performSoon('default/0/ledger/0', assignments, deps, (work) => void kept.push(work));
  const statuses = () => Promise.all(tasks.map(async ({ id }) => (await read(ledger, id)).status));
  return { ledger, tasks, answer, kept, statuses };
}

const after = (ms: number, output: Json) => () => new Promise<Json>((done) => setTimeout(done, ms, output));

describe('tasks performed for a ledger that waits', () => {
  it('are answered together when all end soon, and reported by nobody else', async () => {
    const { ledger, answer, kept, statuses } = await stage([async () => 1, async () => 2]);
    await vi.advanceTimersByTimeAsync(0);
    const reports = await answer;
    expect(reports.commands.map(({ command }) => command.type === 'report' && command.outcome)).toEqual([
      { kind: 'completed', output: 1 },
      { kind: 'completed', output: 2 },
    ]);
    await Promise.all(kept);
    expect(await statuses()).toEqual(['running', 'running']);
    await reportAll(() => ledger, reports);
    expect(await statuses()).toEqual(['completed', 'completed']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('report by themselves when they take longer than the ledger waits', async () => {
    const { answer, kept, statuses } = await stage([async () => 1, after(50, 2)]);
    await vi.advanceTimersByTimeAsync(5);
    expect((await answer).commands).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all(kept);
    expect(await statuses()).toEqual(['running', 'completed']);
  });

  it('report by themselves what would make the answer too large', async () => {
    const large = 'x'.repeat(3_000_000);
    const { answer, kept, statuses } = await stage([async () => large, after(1, large)]);
    await vi.advanceTimersByTimeAsync(5);
    await Promise.all(kept);
    expect((await answer).commands).toHaveLength(1);
    expect(await statuses()).toEqual(['running', 'completed']);
  });
});

describe('reports', () => {
  it('go in calls that an object can take', async () => {
    const calls: number[] = [];
    const report = (output: Json) => ({
      taskId: 'task_1' as const,
      command: {
        type: 'report',
        actor: { kind: 'worker', id: 'w' },
        fence: 1,
        outcome: { kind: 'completed', output },
        delayFraction: 0,
      } as const,
    });
    const ledger = {
      note: async () => {},
      execute: async (commands: readonly unknown[]) => {
        calls.push(commands.length);
        return [];
      },
    };
    await reportAll(() => ledger as never, {
      notes: [],
      commands: [
        ...Array.from({ length: 300 }, () => report(1)),
        ...Array.from({ length: 3 }, () => report('x'.repeat(3_000_000))),
      ] as never,
    });
    expect(calls).toEqual([256, 45, 1, 1]);
  });
});
