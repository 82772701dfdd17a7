import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NumberedPost } from '../hook-delivery.ts';
import type { TaskSpec } from '../task.ts';
import { HOOK, MEETING, offer, waiting } from './meeting.fixture.ts';
import { ask, openLedger, spec } from './open-ledger.fixture.ts';

const ELSEWHERE = 'default/0/ledger/1';

// Posts that fail are part of these tests; their warnings are not of interest.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

async function neverArrives(): Promise<never> {
  throw new Error('lost');
}

describe('a task in another object', () => {
  /** Two ledgers; what one posts to the other goes through `carry`. */
  function pair(carry: (deliver: () => Promise<void>) => Promise<void>) {
    const meeting = openLedger(MEETING);
    const other = openLedger(ELSEWHERE);
    const posted: [string, readonly NumberedPost[]][] = [];
    other.turn.post = async (destination, sender, posts) => {
      posted.push([destination, posts]);
      await carry(() => meeting.ledger.takePosts(sender, posts));
    };
    return { meeting, other, posted };
  }
  const idElsewhere = (): Partial<TaskSpec> => ({ id: spec().id });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('registers by a post, and leaves by one', async () => {
    const { meeting, other, posted } = pair((deliver) => deliver());
    const { id, fence } = await waiting(other.ledger, 'ch_1', idElsewhere());
    await settled();
    const waiter = { taskId: id, fence, object: ELSEWHERE };
    expect(await meeting.ledger.offerEvent(offer('ch_1'))).toEqual({ state: 'matched', waiter });
    await ask(other.ledger, id, { type: 'cancel', actor: HOOK });
    await settled();
    expect(posted.map(([, posts]) => posts.map(({ post }) => post.type))).toEqual([['waiter.add'], ['waiter.remove']]);
    expect(other.sql.exec('SELECT COUNT(*) AS n FROM posts').toArray()).toEqual([{ n: 0 }]);
    expect(meeting.sql.exec('SELECT COUNT(*) AS n FROM event_waiters').toArray()).toEqual([{ n: 0 }]);
  });

  it.each([
    ['lost', neverArrives],
    [
      'applied with a lost answer',
      async (deliver: () => Promise<void>) => {
        await deliver();
        throw new Error('lost');
      },
    ],
  ])('is registered once though its posts are %s at first', async (_what, carry) => {
    let failures = 3;
    const { meeting, other } = pair((deliver) => (failures-- > 0 ? carry(deliver) : deliver()));
    const { id } = await waiting(other.ledger, 'ch_1', idElsewhere());
    for (let tries = 0; tries < 5; tries++) {
      await settled();
      other.turn.now = other.turn.alarmAt;
      await other.ledger.tick();
    }
    await settled();
    expect(await meeting.ledger.offerEvent(offer('ch_1'))).toMatchObject({ state: 'matched', waiter: { taskId: id } });
    expect(await meeting.ledger.offerEvent(offer('ch_1'))).toEqual({ state: 'early' });
    expect(other.sql.exec('SELECT COUNT(*) AS n FROM posts').toArray()).toEqual([{ n: 0 }]);
  });

  it('stays gone though an old batch arrives once more, and late', async () => {
    const batches: (() => Promise<void>)[] = [];
    const { meeting, other } = pair(async (deliver) => {
      batches.push(deliver);
      await deliver();
    });
    const { id } = await waiting(other.ledger, 'ch_1', idElsewhere());
    await settled();
    await ask(other.ledger, id, { type: 'cancel', actor: HOOK });
    await settled();
    expect(batches).toHaveLength(2);
    await batches[0]?.();
    expect(await meeting.ledger.offerEvent(offer('ch_1'))).toEqual({ state: 'early' });
  });

  it('posts what a process left behind when it opens its book again', async () => {
    const { meeting, other } = pair(neverArrives);
    const { id } = await waiting(other.ledger, 'ch_1', idElsewhere());
    await settled();
    other.turn.post = (_destination, sender, posts) => meeting.ledger.takePosts(sender, posts);
    const reopened = other.reopen();
    expect(other.turn.alarmAt).toBeLessThanOrEqual(other.turn.now);
    await reopened.tick();
    await settled();
    expect(await meeting.ledger.offerEvent(offer('ch_1'))).toMatchObject({ state: 'matched', waiter: { taskId: id } });
  });

  it('is not overtaken by its own later post', async () => {
    const order: string[] = [];
    let release = (): void => {};
    const { other } = pair(async (deliver) => {
      order.push('sent');
      if (order.length === 1) await new Promise<void>((resolve) => (release = resolve));
      await deliver();
    });
    const { id } = await waiting(other.ledger, 'ch_1', idElsewhere());
    await ask(other.ledger, id, { type: 'cancel', actor: HOOK });
    await settled();
    expect(order).toEqual(['sent']);
    release();
    await settled();
    expect(order).toEqual(['sent', 'sent']);
  });
});
