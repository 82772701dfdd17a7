import type { TaskId } from '@errand/core/id';
import type { LedgerObject } from '@errand/core/ledger-object';
import { describe, expect, it } from 'vitest';
import { answerInText } from './text-calls.ts';

/** A ledger that keeps a task of so many characters for each id. */
function ledgerOf(sizes: Readonly<Record<string, number>>): LedgerObject {
  const read = async (ids: readonly TaskId[]) => ids.map((id) => (sizes[id] === undefined ? null : { id, input: 'x'.repeat(sizes[id]) }));
  return { read } as unknown as LedgerObject;
}

const read = async (sizes: Readonly<Record<string, number>>, ...ids: string[]) =>
  (JSON.parse(await answerInText(ledgerOf(sizes), 'read', JSON.stringify(ids))) as ({ id: string } | null)[]).map(
    (task) => task?.id ?? null,
  );

describe('a read in text', () => {
  it('answers for each id in order, also for one that no task has', async () => {
    expect(await read({ a: 1, c: 1 }, 'a', 'b', 'c')).toEqual(['a', null, 'c']);
  });

  it('ends once the answer is large, and has the first task however large', async () => {
    expect(await read({ a: 1, b: 5_000_000, c: 1 }, 'a', 'b', 'c')).toEqual(['a', 'b']);
    expect(await read({ a: 9_000_000, b: 1 }, 'a', 'b')).toEqual(['a']);
  });
});
