import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { Assignment } from '../assignment.ts';
import type { Pace } from '../ledger-platform.ts';
import { WINDOW } from './dispatch.ts';
import { START } from '../lifecycle/given.fixture.ts';
import { ask, openLedger, read, spec, submit, WORKER } from './open-ledger.fixture.ts';

/** A ledger beside an executor with `room` places. */
function openNear(room: number) {
  const taken: Assignment[] = [];
  const near = {
    worker: 'here',
    leaseMs: 15_000,
    room: () => Math.max(0, room - taken.length),
    take: (_lane: string, assignments: readonly Assignment[]) => void taken.push(...assignments),
  };
  const opened = openLedger();
  return { ...opened, ledger: opened.reopen({ near }), taken };
}

describe('a ledger beside an executor', () => {
  it('begins a task in the commit of its submit, leased and fenced, and says so in its events', async () => {
    const { ledger, taken, sent, sql } = openNear(10);
    const { id } = await submit(ledger, spec());
    expect(taken).toMatchObject([{ task: { id, status: 'running', attempt: 1 }, fence: 1, leaseUntil: START + 15_000 }]);
    expect(sent).toEqual([]);
    expect((await ledger.events(id, 0))?.map(({ change }) => change.type)).toEqual(['task.submitted', 'task.started']);
    expect(sql.exec('SELECT COUNT(*) AS n FROM events').toArray()).toEqual([{ n: 1 }]);
  });

  it('takes its report like any other', async () => {
    const { ledger } = openNear(10);
    const { id } = await submit(ledger, spec());
    await ask(ledger, id, {
      type: 'report',
      actor: WORKER,
      fence: 1,
      outcome: { kind: 'completed', output: { sum: 3 } },
      delayFraction: 0,
    });
    expect(await read(ledger, id)).toMatchObject({ status: 'completed', output: { sum: 3 }, attempt: 1 });
  });

  it('sends a message where there is no room, and begins the next when there is', async () => {
    const { ledger, taken, sent } = openNear(1);
    const first = await submit(ledger, spec());
    const second = await submit(ledger, spec());
    expect(taken.map(({ task }) => task.id)).toEqual([first.id]);
    expect(sent.flatMap(({ taskIds }) => taskIds)).toEqual([second.id]);
  });

  it('hands over no more than its pace allows while others need the thread, and the rest as places come free', async () => {
    const taken: Assignment[] = [];
    const near = {
      worker: 'here',
      leaseMs: 15_000,
      room: () => WINDOW,
      take: (_lane: string, begun: readonly Assignment[]) => void taken.push(...begun),
    };
    let pace: Pace | undefined = { commands: 32, inHand: 2 };
    const { reopen, sent } = openLedger();
    const ledger = reopen({ near, pace: () => pace });
    const report = async (assignment: Assignment | undefined) => {
      if (assignment === undefined) throw new Error('Nothing was handed over.');
      const { task, fence } = assignment;
      await ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome: { kind: 'completed', output: 1 }, delayFraction: 0 });
    };
    await Promise.all(Array.from({ length: 6 }, () => submit(ledger, spec())));
    expect(taken).toHaveLength(2);
    await report(taken[0]);
    expect(taken).toHaveLength(3);
    pace = undefined;
    await report(taken[1]);
    expect(taken).toHaveLength(6);
    expect(sent).toEqual([]);
  });

  it('keeps no large input in memory for it: a message goes', async () => {
    const { ledger, taken, sent } = openNear(10);
    const { id } = await submit(ledger, spec({ input: { text: 'x'.repeat(5_000) } }));
    expect(taken).toEqual([]);
    expect(sent.flatMap(({ taskIds }) => taskIds)).toEqual([id]);
  });

  it('hands over nothing that is not durable', async () => {
    const { ledger, taken, turn } = openNear(10);
    turn.durable = async () => {
      throw new Error('the disk is gone');
    };
    await expect(submit(ledger, spec())).rejects.toThrow('the disk is gone');
    expect(taken).toEqual([]);
  });

  it('gives back the place in its lane of what could not begin any more', async () => {
    const { ledger, taken, turn } = openNear(WINDOW);
    const late = Array.from({ length: WINDOW }, () => spec({ ttlMs: 0 }));
    await ledger.execute(late.map((one) => ({ taskId: one.id, command: { type: 'submit', actor: SYSTEM, spec: one } })));
    turn.now += 1;
    for (let ticks = 0; ticks < 4; ticks++) await ledger.tick();
    expect(await ledger.count({})).toEqual({ expired: WINDOW });
    const { id } = await submit(ledger, spec());
    expect(taken.map(({ task }) => task.id)).toEqual([id]);
  });
});
