import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { TaskId } from '../id.ts';
import { createTask, evolve } from '../lifecycle/evolve.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import { spec } from './open-ledger.fixture.ts';
import { RecentTasks } from './recent-tasks.ts';
import type { StoredTask } from './rows.ts';

/** Nothing here is read from rows. */
const NO_ROWS: SqlStorage = {
  exec: () => {
    throw new Error('A row was read.');
  },
  databaseSize: 0,
};
const actor = SYSTEM;

function stored(n: number, status: 'queued' | 'completed' = 'queued'): StoredTask {
  const queued = createTask({ ...spec(), id: idOf(n) }, { sequence: 1, at: 0, actor, change: { type: 'task.submitted' } });
  const task =
    status === 'queued' ? queued : evolve(queued, { sequence: 2, at: 0, actor, change: { type: 'task.completed', output: null } });
  return { task, wakeAt: null, inFlight: false, dispatches: 0, ready: false };
}

function idOf(n: number): TaskId {
  return `task_${n}` as TaskId;
}

describe('recent tasks', () => {
  it('are remembered for at least a thousand others, and forgotten after two thousand', () => {
    const recent = new RecentTasks(NO_ROWS);
    recent.set(stored(0));
    for (let n = 1; n < 1_000; n += 1) recent.set(stored(n));
    expect(recent.kept(idOf(0))).toBeDefined();
    for (let n = 1_000; n < 2_000; n += 1) recent.set(stored(n));
    expect(recent.kept(idOf(0))).toBeUndefined();
    expect(recent.kept(idOf(1_999))).toBeDefined();
  });

  it('are what they were last, also once they are forgotten for having ended', () => {
    const recent = new RecentTasks(NO_ROWS);
    for (let n = 0; n < 1_000; n += 1) recent.set(stored(n));
    recent.set(stored(7, 'completed'));
    expect(recent.kept(idOf(7))?.task.status).toBe('completed');
    recent.forgetEnded(idOf(8));
    expect(recent.kept(idOf(7))).toBeUndefined();
    expect(recent.kept(idOf(8))).toBeDefined();
  });

  it('are not pushed out by a line of tasks that wait', () => {
    const recent = new RecentTasks(NO_ROWS);
    recent.set(stored(0));
    for (let n = 1; n < 5_000; n += 1) recent.set({ ...stored(n), ready: true });
    expect(recent.kept(idOf(0))).toBeDefined();
    expect(recent.kept(idOf(4_999))).toBeUndefined();
  });
});
