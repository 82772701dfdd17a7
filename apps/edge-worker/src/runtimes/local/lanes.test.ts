import { describe, expect, it } from 'vitest';
import type { TaskId } from '@errand/core/id';
import type { Assignment, LaneMessage } from '@errand/core/assignment';
import { LocalLane } from './lanes.ts';

/** A lane whose messages run until they are let go, one by one. */
function heldLane(lane: string) {
  const running = new Map<string, () => void>();
  const begun: string[] = [];
  const run = (key: string): Promise<void> => {
    begun.push(key);
    return new Promise((resolve) => running.set(key, resolve));
  };
  const local = new LocalLane(lane, {
    perform: ({ object, taskIds }) => run(`${object} ${taskIds[0]}`),
    performBegun: (object, assignments) => run(`${object} ${assignments.length} begun`),
  });
  const finish = async (key: string): Promise<void> => {
    running.get(key)?.();
    await new Promise((done) => setImmediate(done));
  };
  return { local, begun, finish };
}

function messages(lane: string, object: string, count: number, tasks = 1): LaneMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    object,
    lane,
    taskIds: Array.from({ length: tasks }, (_, k) => `${i}${k === 0 ? '' : `-${k}`}` as TaskId),
  }));
}

describe('a local lane', () => {
  it('performs 64 integration tasks of one object at a time, and those of others beside them', async () => {
    const { local, begun, finish } = heldLane('integration');
    local.send(messages('integration', 'slow', 100));
    local.send(messages('integration', 'quick', 2));
    expect(begun.filter((key) => key.startsWith('slow'))).toHaveLength(64);
    expect(begun).toContain('quick 1');
    await finish('slow 0');
    expect(begun).toContain('slow 64');
    expect(local.running).toBe(66);
  });

  it('serves objects in turn, in the order of their messages', () => {
    const { local, begun } = heldLane('automated');
    local.send([...messages('automated', 'a', 3), ...messages('automated', 'b', 3)]);
    expect(begun).toEqual(['a 0', 'b 0', 'a 1', 'b 1', 'a 2', 'b 2']);
  });

  it('drops what is more than two thousand waiting tasks of one object: its ledger sends it again', async () => {
    const { local, begun, finish } = heldLane('automated');
    local.send(messages('automated', 'a', 40, 100));
    expect(begun).toHaveLength(10);
    for (let i = 0; i < 40; i++) await finish(`a ${i}`);
    expect(begun).toHaveLength(20);
    expect(local.running).toBe(0);
  });

  it('has room for what is begun without a message, within the same bounds and behind nobody who waits', async () => {
    const { local, finish } = heldLane('integration');
    expect(local.room('a')).toBe(64);
    local.take(
      'a',
      Array.from({ length: 60 }, () => ({}) as Assignment),
    );
    expect([local.room('a'), local.room('b'), local.running]).toEqual([4, 64, 60]);
    local.send(messages('integration', 'a', 5));
    expect([local.room('a'), local.running]).toEqual([0, 64]);
    await finish('a 60 begun');
    expect([local.room('a'), local.running]).toEqual([59, 5]);
    void local.stop(1);
    expect(local.room('a')).toBe(0);
  });

  it('begins nothing after a stop, which waits for what has begun, but not for ever', async () => {
    const { local, begun, finish } = heldLane('automated');
    local.send(messages('automated', 'a', 1));
    let stopped = false;
    const stopping = local.stop(10_000).then(() => {
      stopped = true;
    });
    local.send(messages('automated', 'b', 1));
    await finish('b 0');
    expect([begun, stopped]).toEqual([['a 0'], false]);
    await finish('a 0');
    await stopping;
    const { local: other } = heldLane('automated');
    other.send(messages('automated', 'a', 1));
    await other.stop(1);
    expect(other.running).toBe(1);
  });
});
