import { describe, expect, it } from 'vitest';
import { firstTaskIdAt, MAX_SHARDS, mintTaskId, parseTaskId, TASK_ID_RANDOM_BYTES } from './id.ts';

const NOW = 1_800_000_000_123;
const random = () => crypto.getRandomValues(new Uint8Array(TASK_ID_RANDOM_BYTES));

describe('the id of a task', () => {
  it.each([
    { place: 0, object: 'ledger', shard: 0 },
    { place: 31, object: 'ledger', shard: MAX_SHARDS - 1 },
    { place: 7, object: 'inbox', shard: 0 },
    { place: 0, object: 'inbox', shard: MAX_SHARDS - 1 },
  ] as const)('says when it was minted and where its task is: %o', (address) => {
    expect(parseTaskId(mintTaskId(NOW, address, random()))).toEqual({ ...address, createdAt: NOW });
  });

  it('sorts by the time it was minted at, as text', () => {
    const address = { place: 3, object: 'inbox', shard: 9 } as const;
    const ids = [0, 1, 31, 32, 86_400_000].map((laterMs) => mintTaskId(NOW + laterMs, address, random()));
    expect(ids.toSorted()).toEqual(ids);
    expect(firstTaskIdAt(NOW) <= mintTaskId(NOW, { place: 0, object: 'ledger', shard: 0 }, new Uint8Array(13))).toBe(true);
    expect(firstTaskIdAt(NOW) > mintTaskId(NOW - 1, address, random().fill(255))).toBe(true);
  });

  it.each([
    '',
    'task_',
    'task_0',
    `hook_${'0'.repeat(26)}`,
    `task_8${'0'.repeat(25)}`,
    `task_${'0'.repeat(25)}u`,
    `task_${'0'.repeat(25)}A`,
    `task_${'0'.repeat(27)}`,
  ])('is none of other texts: "%s"', (text) => {
    expect(parseTaskId(text)).toBeUndefined();
  });
});
