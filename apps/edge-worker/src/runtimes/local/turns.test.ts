import { WINDOW } from '@errand/core/ledger/dispatch';
import { MAX_GROUP } from '@errand/core/ledger/pending-commands';
import { describe, expect, it } from 'vitest';
import { Presence } from '../../presence.ts';
import { Turns } from './turns.ts';

const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Turns whose service is written down; the clock stands still unless it is set. */
function watched() {
  let now = 0;
  const served: string[] = [];
  const turns = new Turns(new Presence(() => now));
  const ask = (namespace: string, count: number): void => {
    for (let i = 0; i < count; i += 1) {
      const turn = turns.take(namespace, 1);
      if (turn === undefined) served.push(namespace);
      else void turn.then(() => served.push(namespace));
    }
  };
  const count = (namespace: string): number => served.filter((one) => one === namespace).length;
  const setNow = (to: number): void => {
    now = to;
  };
  return { turns, ask, count, setNow };
}

describe('turns of the event loop', () => {
  it('lets a request go on at once when nobody waits', () => {
    const { ask, count } = watched();
    ask('only', 1);
    expect(count('only')).toBe(1);
  });

  it('serves a part of a long line, and the rest in the turns that follow', async () => {
    const { ask, count } = watched();
    ask('only', 1_000);
    const first = count('only');
    expect(first).toBeLessThan(200);
    await nextTurn();
    await nextTurn();
    expect(count('only')).toBeGreaterThan(first);
    for (let i = 0; i < 50; i += 1) await nextTurn();
    expect(count('only')).toBe(1_000);
  });

  it('serves a namespace at once beside the long line of another, which then has a smaller part of each turn', async () => {
    const { ask, count } = watched();
    ask('busy', 1_000);
    ask('quiet', 1);
    expect(count('quiet')).toBe(1);
    await nextTurn();
    const before = count('busy');
    await nextTurn();
    const alone = watched();
    alone.ask('busy', 1_000);
    expect(count('busy') - before).toBeLessThan(alone.count('busy'));
  });

  it('lets a few commits of a namespace that asks little go before the end of a turn, and none of a busy one', async () => {
    const { turns, ask } = watched();
    ask('busy', 100);
    ask('quiet', 1);
    const begun: string[] = [];
    for (const namespace of ['busy', 'quiet', 'quiet', 'quiet']) void turns.gather(namespace).then(() => begun.push(namespace));
    await Promise.resolve();
    await Promise.resolve();
    expect(begun).toEqual(['quiet', 'quiet']);
    await nextTurn();
    expect(begun.toSorted()).toEqual(['busy', 'quiet', 'quiet', 'quiet']);
  });

  it('has nobody hurry who is alone, for then a commit gathers what comes together', async () => {
    const { turns, ask } = watched();
    ask('only', 1);
    let begun = 0;
    for (const namespace of ['only', 'never there']) void turns.gather(namespace).then(() => (begun += 1));
    await Promise.resolve();
    await Promise.resolve();
    expect(begun).toBe(0);
    await nextTurn();
    expect(begun).toBe(2);
  });

  it('has ledgers do little in one go while others wait for them', () => {
    const { turns, ask } = watched();
    ask('first', 1);
    expect(turns.pace).toBeUndefined();
    ask('second', 1);
    expect(turns.pace?.commands).toBeLessThan(MAX_GROUP);
    expect(turns.pace?.inHand).toBeLessThan(WINDOW);
  });

  it('counts a namespace as there until it has asked for nothing for a while', async () => {
    const { turns, ask, setNow } = watched();
    ask('first', 1);
    ask('second', 1);
    expect(turns.pace).toBeDefined();
    setNow(5_000);
    ask('first', 1);
    await nextTurn();
    expect(turns.pace).toBeUndefined();
  });
});
