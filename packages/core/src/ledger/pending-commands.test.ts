import { describe, expect, it } from 'vitest';
import type { TaskCommand } from '../command.ts';
import type { TaskId } from '../id.ts';
import { SYSTEM } from '../actor.ts';
import { partsOf, PendingCommands } from './pending-commands.ts';

function commands(count: number): TaskCommand[] {
  return Array.from({ length: count }, (_, i) => ({ taskId: `task_${i}` as TaskId, command: { type: 'cancel', actor: SYSTEM } }));
}

describe('commands that wait for a commit', () => {
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
