import { describe, expect, it } from 'vitest';
import { SYSTEM, type Actor } from '../actor.ts';
import type { TaskCommand } from '../command.ts';
import type { TaskId } from '../id.ts';
import { spec } from './open-ledger.fixture.ts';
import { MAX_GROUP, partsOf, PendingCommands, type Pending } from './pending-commands.ts';

const actor: Actor = { kind: 'worker', id: 'w' };

function caller(type: 'submit' | 'report', name: string, count = 1): Pending & { readonly name: string } {
  const taskId = 'task_1' as TaskId;
  const command: TaskCommand['command'] =
    type === 'submit'
      ? { type, actor, spec: spec() }
      : { type, actor, fence: 1, outcome: { kind: 'completed', output: 1 }, delayFraction: 0.5 };
  return { name, commands: Array.from({ length: count }, () => ({ taskId, command })), resolve: () => {}, reject: () => {} };
}

function groupsOf(callers: readonly Pending[]): string[][] {
  const pending = new PendingCommands();
  for (const one of callers) pending.push(one);
  const groups: string[][] = [];
  while (!pending.isEmpty) groups.push(pending.takeGroup(MAX_GROUP).map((one) => (one as ReturnType<typeof caller>).name));
  return groups;
}

function commands(count: number): TaskCommand[] {
  return Array.from({ length: count }, (_, i) => ({ taskId: `task_${i}` as TaskId, command: { type: 'cancel', actor: SYSTEM } }));
}

describe('commands that wait for a commit', () => {
  it('share it as far as they fit', () => {
    expect(groupsOf([caller('submit', 'a'), caller('report', 'b'), caller('submit', 'c')])).toEqual([['b', 'a', 'c']]);
    expect(groupsOf([caller('submit', 'a', 200), caller('submit', 'b', 100)])).toEqual([['a'], ['b']]);
  });

  it('are taken however many one caller has', () => {
    expect(groupsOf([caller('submit', 'a', 1_000), caller('submit', 'b')])).toEqual([['a'], ['b']]);
  });

  it('let neither a burst of submits nor one of reports wait for the end of the other', () => {
    const submits = ['s1', 's2', 's3'].map((name) => caller('submit', name, 256));
    const reports = ['r1', 'r2', 'r3'].map((name) => caller('report', name, 256));
    expect(groupsOf([...submits, ...reports])).toEqual([['r1'], ['s1'], ['r2'], ['s2'], ['r3'], ['s3']]);
    expect(groupsOf([...reports, ...submits])).toEqual([['r1'], ['s1'], ['r2'], ['s2'], ['r3'], ['s3']]);
  });

  it('are full when thousands wait, and not when those are taken', () => {
    const pending = new PendingCommands();
    pending.push(caller('submit', 'a', 8_192));
    expect(pending.isFull).toBe(true);
    pending.takeGroup(MAX_GROUP);
    expect(pending.isFull).toBe(false);
  });

  it('come in parts that keep their order and lose nothing', () => {
    const all = commands(100);
    const parts = partsOf(all);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flat()).toEqual(all);
  });

  it('are taken in groups of the size asked for, in the order they came, and a part is never left behind for its size', () => {
    const pending = new PendingCommands();
    for (const part of [20, 20, 30, 5]) pending.push({ commands: commands(part), resolve: () => {}, reject: () => {} });
    const sizes = (most: number): number[] => pending.takeGroup(most).map((one) => one.commands.length);
    expect(sizes(40)).toEqual([20, 20]);
    expect(sizes(10)).toEqual([30]);
    expect(sizes(10)).toEqual([5]);
    expect(pending.isEmpty).toBe(true);
  });
});
