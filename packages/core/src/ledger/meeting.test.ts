import { describe, expect, it } from 'vitest';
import type { EventWaiter, NewDelivery } from '../hook-delivery.ts';
import type { Ledger } from './ledger.ts';
import { HOOK, MEETING, nextDelivery, offer, wait, waiting } from './meeting.fixture.ts';
import { START } from '../lifecycle/given.fixture.ts';
import { ask, begin, openLedger, read, spec } from './open-ledger.fixture.ts';

const DAY_MS = 86_400_000;

async function finish(ledger: Ledger, { taskId, fence }: EventWaiter): Promise<boolean> {
  const outcome = { kind: 'completed', output: 1 } as const;
  return (await ask(ledger, taskId, { type: 'report', actor: HOOK, fence, outcome, delayFraction: 0 })).ok;
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

describe('a delivery', () => {
  const delivery = (over: Partial<NewDelivery> = {}): NewDelivery => {
    const { id, n } = nextDelivery();
    return {
      id,
      hookId: 'hook_1',
      eventId: `evt_${n}`,
      digest: `digest_${n}`,
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
