import { describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import type { TaskCommand } from '../command.ts';
import type { TaskId } from '../id.ts';
import { spec } from './open-ledger.fixture.ts';
import { PendingCommands, type Pending } from './pending-commands.ts';

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
  while (!pending.isEmpty) groups.push(pending.takeGroup().map((one) => (one as ReturnType<typeof caller>).name));
  return groups;
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
    pending.takeGroup();
    expect(pending.isFull).toBe(false);
  });
});
