import { describe, expect, it } from 'vitest';
import type { DeliveryId, EventOffer, EventWaiter, NewDelivery, NumberedPost } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import type { TaskSpec } from '../task.ts';
import type { Ledger } from './ledger.ts';
import { ask, begin, openLedger, read, spec, START, submit } from './open-ledger.fixture.ts';

const HOOK = { kind: 'hook', id: 'hook_1' } as const;
const MEETING = 'default/0/ledger/0';
const ELSEWHERE = 'default/0/ledger/1';
const DAY_MS = 86_400_000;
let deliveries = 0;

function offer(correlation: string, over: Partial<EventOffer> = {}): EventOffer {
  deliveries += 1;
  const id = `delivery_${String(deliveries).padStart(26, '0')}` as DeliveryId;
  return { id, hookId: 'hook_1', home: MEETING, correlation, output: { n: deliveries }, ...over };
}

/** A task that waits for an event by `correlation`. */
async function waiting(ledger: Ledger, correlation: string, over: Partial<TaskSpec> = {}): Promise<{ id: TaskId; fence: number }> {
  const { id } = await submit(ledger, spec({ kind: 'integration', ...over }));
  const fence = await begin(ledger, id);
  await wait(ledger, id, fence, correlation);
  return { id, fence };
}

async function wait(ledger: Ledger, id: TaskId, fence: number, correlation: string): Promise<void> {
  const outcome = { kind: 'waiting', for: 'event', correlation, meeting: MEETING } as const;
  await ask(ledger, id, { type: 'report', actor: HOOK, fence, outcome, delayFraction: 0 });
}

async function finish(ledger: Ledger, { taskId, fence }: EventWaiter): Promise<boolean> {
  const outcome = { kind: 'completed', output: 1 } as const;
  return (await ask(ledger, taskId, { type: 'report', actor: HOOK, fence, outcome, delayFraction: 0 })).ok;
}

async function neverArrives(): Promise<never> {
  throw new Error('lost');
}

async function ownTasks(ledger: Ledger, type: string): Promise<unknown[]> {
  return (await ledger.list({ system: true, type }, null, 100)).items.map(({ input }) => input);
}

describe('an event and the task that waits for it', () => {
  it('meet when the task waits first', async () => {
    const { ledger } = openLedger();
    const { id, fence } = await waiting(ledger, 'ch_1');
    const event = offer('ch_1');
    const waiter = { taskId: id, fence, object: MEETING };
    expect(await ledger.offerEvent(event)).toEqual({ state: 'matched', waiter });
    expect(await finish(ledger, waiter)).toBe(true);
    expect(await ledger.settleOffer(event.id, waiter, 'took')).toEqual({ state: 'done', taskId: id });
    expect(await ledger.offerEvent(event)).toEqual({ state: 'done', taskId: id });
  });

  it('meet when the event comes early: a task of the system brings it, once', async () => {
    const { ledger } = openLedger();
    const event = offer('ch_1');
    expect(await ledger.offerEvent(event)).toEqual({ state: 'early' });
    const { id, fence } = await waiting(ledger, 'ch_1');
    expect(await ownTasks(ledger, 'errand.match')).toEqual([{ deliveryId: event.id }]);
    expect(await ledger.readOffer(event.id)).toEqual({
      offer: event,
      state: { state: 'matched', waiter: { taskId: id, fence, object: MEETING } },
    });
  });

  it('do not meet by another correlation, nor once the event is too old', async () => {
    const { ledger, turn } = openLedger();
    await ledger.offerEvent(offer('ch_1'));
    await waiting(ledger, 'ch_2');
    expect(await ledger.offerEvent(offer('ch_3'))).toEqual({ state: 'early' });
    turn.now = START + 8 * DAY_MS;
    await waiting(ledger, 'ch_1', { id: spec().id, createdAt: turn.now });
    expect(await ownTasks(ledger, 'errand.match')).toEqual([]);
  });

  it('meet once: the first event is for the task that waits longest, the second for the next', async () => {
    const { ledger, turn } = openLedger();
    const first = await waiting(ledger, 'ch_1');
    turn.now += 1;
    const second = await waiting(ledger, 'ch_1');
    const states = [];
    for (let i = 0; i < 3; i++) states.push(await ledger.offerEvent(offer('ch_1')));
    expect(states).toMatchObject([
      { state: 'matched', waiter: { taskId: first.id } },
      { state: 'matched', waiter: { taskId: second.id } },
      { state: 'early' },
    ]);
  });

  it('find the next task when the first has gone, however often that is said', async () => {
    const { ledger, turn } = openLedger();
    const first = await waiting(ledger, 'ch_1');
    const event = offer('ch_1');
    const gone = { taskId: first.id, fence: first.fence, object: MEETING };
    await ledger.offerEvent(event);
    await ask(ledger, first.id, { type: 'cancel', actor: HOOK });
    turn.now += 1;
    const second = await waiting(ledger, 'ch_1');
    const next = { state: 'matched', waiter: { taskId: second.id, fence: second.fence, object: MEETING } };
    expect(await finish(ledger, gone)).toBe(false);
    expect(await ledger.settleOffer(event.id, gone, 'gone')).toEqual(next);
    expect(await ledger.settleOffer(event.id, gone, 'gone')).toEqual(next);
    expect(await ledger.settleOffer(event.id, gone, 'took')).toEqual(next);
  });

  it('part when the type refuses the output: the task waits on, and the next event is tried', async () => {
    const { ledger } = openLedger();
    const { id, fence } = await waiting(ledger, 'ch_1');
    const waiter = { taskId: id, fence, object: MEETING };
    const [bad, good] = [offer('ch_1'), offer('ch_1')];
    await ledger.offerEvent(bad);
    expect(await ledger.offerEvent(good)).toEqual({ state: 'early' });
    expect(await ledger.settleOffer(bad.id, waiter, 'refused')).toEqual({ state: 'done' });
    expect(await ownTasks(ledger, 'errand.match')).toEqual([{ deliveryId: good.id }]);
    expect(await ledger.readOffer(good.id)).toMatchObject({ state: { state: 'matched', waiter } });
  });

  it('wait for each other by the newest attempt alone', async () => {
    const { ledger } = openLedger();
    const { id, fence } = await waiting(ledger, 'ch_1');
    const outcome = { kind: 'failed', error: { code: 'x', message: '', retryable: true } } as const;
    await ask(ledger, id, { type: 'report', actor: HOOK, fence, outcome, delayFraction: 0 });
    expect(await ledger.offerEvent(offer('ch_1'))).toEqual({ state: 'early' });
    await ask(ledger, id, { type: 'retry-now', actor: HOOK });
    const again = await begin(ledger, id);
    await wait(ledger, id, again, 'ch_1');
    expect(await ownTasks(ledger, 'errand.match')).toHaveLength(1);
  });

  it('go on waiting while the task is paused', async () => {
    const { ledger } = openLedger();
    const { id } = await waiting(ledger, 'ch_1');
    await ask(ledger, id, { type: 'pause', actor: HOOK });
    expect(await ledger.offerEvent(offer('ch_1'))).toMatchObject({ state: 'matched', waiter: { taskId: id } });
  });
});

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
    for (const again of batches) await again();
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

describe('a delivery', () => {
  const delivery = (over: Partial<NewDelivery> = {}): NewDelivery => {
    deliveries += 1;
    return {
      id: `delivery_${String(deliveries).padStart(26, '0')}` as DeliveryId,
      hookId: 'hook_1',
      eventId: `evt_${deliveries}`,
      digest: `digest_${deliveries}`,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
      encoding: 'utf8',
      ...over,
    };
  };

  it('is kept with the task that processes it, once', async () => {
    const { ledger } = openLedger();
    const one = delivery();
    expect(await ledger.receiveDelivery(one)).toEqual({ kind: 'accepted', deliveryId: one.id });
    expect(await ledger.receiveDelivery(one)).toEqual({ kind: 'accepted', deliveryId: one.id });
    expect(await ownTasks(ledger, 'errand.hook')).toEqual([{ hookId: 'hook_1', deliveryId: one.id }]);
    const { digest: _digest, eventId: _eventId, ...kept } = one;
    expect(await ledger.readDelivery(one.id)).toEqual({ ...kept, outcome: 'processing' });
  });

  it('is known again by its event and by its body, for seven days, in its hook', async () => {
    const { ledger, turn } = openLedger();
    const one = delivery();
    await ledger.receiveDelivery(one);
    const sameEvent = delivery({ eventId: one.eventId });
    const sameBody = delivery({ digest: one.digest });
    expect(await ledger.receiveDelivery(sameEvent)).toEqual({ kind: 'duplicate', deliveryId: one.id });
    expect(await ledger.receiveDelivery(sameEvent)).toEqual({ kind: 'duplicate', deliveryId: one.id });
    expect(await ledger.receiveDelivery(sameBody)).toEqual({ kind: 'duplicate', deliveryId: one.id });
    expect(await ledger.receiveDelivery(delivery({ hookId: 'hook_2', eventId: one.eventId, digest: one.digest }))).toMatchObject({
      kind: 'accepted',
    });
    turn.now += 8 * DAY_MS;
    expect(await ledger.receiveDelivery(delivery({ eventId: one.eventId }))).toMatchObject({ kind: 'accepted' });
  });

  it('wins alone against fifty twins', async () => {
    const { ledger } = openLedger();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ledger.receiveDelivery(delivery({ eventId: 'evt', digest: 'd' }))));
    expect(answers.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(await ownTasks(ledger, 'errand.hook')).toHaveLength(1);
  });

  it('is listed with what became of it, newest first, refused and repeated ones too', async () => {
    const { ledger } = openLedger();
    const one = delivery();
    await ledger.receiveDelivery(one);
    const error = { code: 'bad_signature', message: 'No signature is right.', retryable: false };
    const refused = delivery();
    await ledger.refuseDelivery(refused.id, 'hook_1', error);
    const twin = delivery({ eventId: one.eventId });
    await ledger.receiveDelivery(twin);
    const taskId = spec().id;
    await ledger.settleDelivery(one.id, { outcome: 'submitted', taskId });
    await ledger.settleDelivery(one.id, { outcome: 'failed' });
    expect(await ledger.listDeliveries('hook_1', null, 10)).toEqual([
      { id: twin.id, at: START, outcome: 'duplicate', eventId: one.eventId, duplicateOf: one.id },
      { id: refused.id, at: START, outcome: 'refused', error },
      { id: one.id, at: START, outcome: 'submitted', eventId: one.eventId, taskId },
    ]);
    expect(await ledger.listDeliveries('hook_1', refused.id, 10)).toHaveLength(1);
    expect(await ledger.listDeliveries('hook_2', null, 10)).toEqual([]);
  });

  it('has failed when the task that processes it has', async () => {
    const { ledger } = openLedger();
    const one = delivery();
    await ledger.receiveDelivery(one);
    const [task] = (await ledger.list({ system: true, type: 'errand.hook' }, null, 1)).items;
    if (task === undefined) throw new Error('no task');
    const fence = await begin(ledger, task.id);
    const error = { code: 'internal', message: 'broken', retryable: false };
    await ask(ledger, task.id, { type: 'report', actor: HOOK, fence, outcome: { kind: 'failed', error }, delayFraction: 0 });
    expect((await read(ledger, task.id)).status).toBe('failed');
    expect(await ledger.listDeliveries('hook_1', null, 1)).toMatchObject([{ outcome: 'failed', error }]);
  });

  it('is forgotten once it can no longer be repeated', async () => {
    const { ledger, turn, sql } = openLedger();
    await ledger.receiveDelivery(delivery());
    await ledger.offerEvent(offer('ch_9'));
    turn.now += 9 * DAY_MS;
    await ledger.receiveDelivery(delivery());
    for (let stretch = 0; stretch < 5; stretch++) {
      await ledger.tick();
      turn.now += 3_600_001;
    }
    for (const [table, n] of Object.entries({ hook_receipts: 1, hook_bodies: 1, event_offers: 0, event_outputs: 0 }))
      expect([table, sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).toArray()]).toEqual([table, [{ n }]]);
  });
});
