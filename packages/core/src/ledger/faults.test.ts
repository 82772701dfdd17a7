import { describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '../actor.ts';
import { FAILURE, START } from '../lifecycle/given.fixture.ts';
import { ask, begin, openLedger, read, spec, submit, WORKER } from './open-ledger.fixture.ts';

describe('a ledger whose platform fails it', () => {
  it('arms its alarm again when it is touched after one that never came', async () => {
    const { ledger, turn } = openLedger();
    await submit(ledger, spec());
    turn.alarmAt = Number.POSITIVE_INFINITY;
    turn.now += 60_000;
    await ledger.touch();
    expect(turn.alarmAt).toBeLessThanOrEqual(turn.now);
  });

  it('leaves tasks of remote workers to those who poll when it is opened again', async () => {
    const { ledger, reopen, turn, sent } = openLedger();
    const lane = 'worker:example.sum@1';
    const task = await submit(ledger, spec({ route: { executor: 'worker', lane, rule: 'default', reason: 'by kind' } }));
    turn.now += 10;
    const opened = reopen();
    await opened.tick();
    expect(sent).toEqual([]);
    expect((await opened.poll([lane], 1, 'w')).map((assignment) => assignment.task.id)).toEqual([task.id]);
  });

  it('ends an attempt in time though it was opened after that, and its clock was set back since', async () => {
    const { ledger, reopen, turn } = openLedger();
    const task = await submit(ledger, spec({ timeouts: { startToCloseMs: 5_000 } }));
    await begin(ledger, task.id);
    turn.now = START + 9_000;
    const opened = reopen({ isGone: () => false });
    turn.now = START + 5_000;
    await opened.tick();
    expect(await read(opened, task.id)).toMatchObject({ status: 'retrying', error: { code: 'timeout.start_to_close' } });
  });

  it('does not wake at once, again and again, while a canceled attempt has its grace', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec());
    await begin(ledger, task.id);
    turn.now += 3_000;
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    // The alarm of the dispatch, which was begun long ago.
    turn.now = START + 5_000;
    await ledger.tick();
    expect(turn.alarmAt).toBe(START + 13_000);
    turn.now = START + 13_000;
    await ledger.tick();
    expect(await read(ledger, task.id)).toMatchObject({ status: 'canceled', forced: true });
  });

  it('ends a task as canceled once a cancel was promised, though its time runs out first', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToCloseMs: 8_000 } }));
    await begin(ledger, task.id);
    turn.now += 5_000;
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    turn.now += 4_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('running');
    turn.now += 6_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('canceled');
  });

  it('begins no attempt once the time to start has passed, though the alarm is late', async () => {
    const { ledger, turn } = openLedger();
    const expired = await submit(ledger, spec({ ttlMs: 1_000 }));
    const timedOut = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToStartMs: 1_000 } }));
    const closed = await submit(ledger, spec({ timeouts: { startToCloseMs: 60_000, scheduleToCloseMs: 1_000 } }));
    const ids = [expired.id, timedOut.id, closed.id];
    turn.now += 1_000;
    expect(await ledger.begin(ids, 'service', 15_000)).toEqual([]);
    await ledger.tick();
    expect((await ledger.read(ids)).map((task) => task?.status)).toEqual(['expired', 'timed_out', 'timed_out']);
  });

  it('ends the attempt that waited for a callback when its task is skipped', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec());
    const fence = await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome: { kind: 'waiting', for: 'callback' }, delayFraction: 0 });
    await ask(ledger, task.id, { type: 'skip', actor: SYSTEM });
    expect(await ledger.attempts(task.id)).toMatchObject([{ outcome: 'canceled', endedAt: START }]);
  });

  it('deletes old idempotency keys after the last task is gone', async () => {
    const { ledger, turn, sql } = openLedger();
    const task = await submit(ledger, spec({ retentionMs: 1, timeouts: {} }), 'k');
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    sql.exec('DELETE FROM tasks');
    turn.alarmAt = Number.POSITIVE_INFINITY;
    while (turn.now < START + 2 * 86_400_000) {
      await ledger.tick();
      expect(turn.alarmAt).toBeGreaterThan(turn.now);
      if (turn.alarmAt === Number.POSITIVE_INFINITY) break;
      turn.now = turn.alarmAt;
      turn.alarmAt = Number.POSITIVE_INFINITY;
    }
    expect(sql.exec('SELECT COUNT(*) AS n FROM idempotency').toArray()).toEqual([{ n: 0 }]);
  });

  it('pauses after the attempt as it was asked, though the attempt waits, is lost with others, or fails while paused', async () => {
    const { ledger, turn } = openLedger();
    const waits = await submit(ledger, spec());
    const waitFence = await begin(ledger, waits.id);
    await ask(ledger, waits.id, { type: 'pause', actor: SYSTEM });
    const report = { type: 'report', actor: WORKER, fence: waitFence, delayFraction: 0 } as const;
    await ask(ledger, waits.id, { ...report, outcome: { kind: 'waiting', for: 'callback' } });
    expect(await read(ledger, waits.id)).toMatchObject({ status: 'paused', resumeTo: 'waiting', wait: { fence: waitFence } });
    await ask(ledger, waits.id, { ...report, outcome: FAILURE });
    expect(await read(ledger, waits.id)).toMatchObject({ status: 'paused', resumeTo: 'retrying', retryAt: START + 1_000 });

    const lost = [await submit(ledger, spec()), await submit(ledger, spec())];
    const ids = lost.map((task) => task.id);
    await ledger.begin(ids, 'service', 15_000);
    for (const id of ids) await ask(ledger, id, { type: 'pause', actor: SYSTEM });
    turn.now += 15_000;
    await ledger.tick();
    expect((await ledger.read(ids)).map((task) => [task?.status, task?.attempt])).toEqual([
      ['paused', 0],
      ['paused', 0],
    ]);
  });

  it('answers from what it has committed, though a listener to its changes throws', async () => {
    const { ledger, turn } = openLedger();
    const tasks = [spec(), spec()];
    await Promise.all(tasks.map((task) => submit(ledger, task)));
    const fences = await Promise.all(tasks.map((task) => begin(ledger, task.id)));
    turn.onChange = () => {
      throw new Error('the stream is broken');
    };
    const outcome = { kind: 'completed', output: 1 } as const;
    const results = await Promise.all(
      tasks.map((task, i) => ask(ledger, task.id, { type: 'report', actor: WORKER, fence: fences[i] ?? 0, outcome, delayFraction: 0 })),
    );
    expect(results.map((result) => result.ok && result.task.status)).toEqual(['completed', 'completed']);
  });

  it('applies nothing a second time when the disk fails after the commit', async () => {
    const { ledger, turn } = openLedger();
    const tasks = [await submit(ledger, spec()), await submit(ledger, spec())];
    const fences = await Promise.all(tasks.map((task) => begin(ledger, task.id)));
    turn.durable = () => Promise.reject(new Error('the disk failed'));
    const outcome = { kind: 'completed', output: 1 } as const;
    const results = await Promise.allSettled(
      tasks.map((task, i) => ask(ledger, task.id, { type: 'report', actor: WORKER, fence: fences[i] ?? 0, outcome, delayFraction: 0 })),
    );
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    for (const { id } of tasks) {
      const events = (await ledger.events(id, 0)) ?? [];
      expect(events.map(({ change }) => change.type)).toEqual(['task.submitted', 'task.started', 'task.completed']);
    }
  });

  it('does what is due beside a row that cannot be written, and comes back to that one without spinning', async () => {
    const { ledger, turn } = openLedger();
    const [broken, sound] = [await submit(ledger, spec({ ttlMs: 1_000 })), await submit(ledger, spec({ ttlMs: 1_000 }))];
    turn.beforeStatement = (query, bindings) => {
      if (query.startsWith('UPDATE tasks SET status') && bindings.includes(broken.id)) throw new Error('the row is broken');
    };
    turn.now += 1_000;
    turn.alarmAt = Number.POSITIVE_INFINITY;
    await ledger.tick();
    expect([(await read(ledger, broken.id)).status, (await read(ledger, sound.id)).status]).toEqual(['queued', 'expired']);
    expect(turn.alarmAt).toBe(turn.now + 1_000);
    turn.beforeStatement = () => {};
    turn.now += 1_000;
    await ledger.tick();
    expect((await read(ledger, broken.id)).status).toBe('expired');
  });

  it('waits a moment before the next alarm when nothing can be written at all', async () => {
    const { ledger, turn } = openLedger();
    await submit(ledger, spec());
    turn.now += 5_000;
    turn.beforeStatement = () => {
      throw new Error('the disk is gone');
    };
    await ledger.tick();
    expect(turn.alarmAt).toBe(turn.now + 1_000);
  });

  it('hears a repeated word that an attempt waits as nothing new, even while it is paused', async () => {
    const { ledger } = openLedger();
    const task = await submit(ledger, spec());
    const fence = await begin(ledger, task.id);
    const report = { type: 'report', actor: WORKER, fence, outcome: { kind: 'waiting', for: 'callback' }, delayFraction: 0 } as const;
    await ask(ledger, task.id, report);
    await ask(ledger, task.id, { type: 'pause', actor: SYSTEM });
    const again = await ask(ledger, task.id, report);
    expect(again.ok && again.task).toMatchObject({ status: 'paused', revision: 4 });
  });

  it('keeps a lease that was renewed while the disk was still busy with the commit before', async () => {
    const { ledger, turn } = openLedger();
    const task = await submit(ledger, spec({ timeouts: { heartbeatMs: 4_000 }, retry: { ...spec().retry, initialIntervalMs: 0 } }));
    await begin(ledger, task.id);
    turn.now += 4_000;
    await ledger.tick();
    let confirm = (): void => {};
    turn.durable = () => new Promise((resolve) => (confirm = resolve));
    // The retry falls due; before the disk has confirmed that, the next attempt has begun and given a sign of life.
    const due = ledger.tick();
    turn.durable = async () => {};
    const fence = await begin(ledger, task.id);
    turn.now += 3_000;
    await ask(ledger, task.id, { type: 'heartbeat', actor: WORKER, fence, leaseMs: 4_000 });
    confirm();
    await due;
    turn.now += 3_000;
    await ledger.tick();
    expect((await read(ledger, task.id)).status).toBe('running');
  });

  it.each([2, 33])(
    'stores what came in one call with something that cannot be stored, and says of that alone that it was not (number %i)',
    async (last) => {
      const { ledger, turn } = openLedger();
      const tasks = Array.from({ length: last }, (_, i) => spec(i === last - 1 ? { type: 'poison' } : {}));
      turn.beforeStatement = (query, bindings) => {
        if (query.startsWith('INSERT INTO tasks') && bindings.includes('poison')) throw new Error('the row is broken');
      };
      const results = await ledger.execute(
        tasks.map((task) => ({ taskId: task.id, command: { type: 'submit', actor: SYSTEM, spec: task } })),
      );
      const expected = tasks.map(({ type }) => (type === 'poison' ? 'not_written' : 'queued'));
      expect(results.map((result) => (result.ok ? result.task.status : result.rejection.code))).toEqual(expected);
    },
  );

  it('posts nothing that is not durable, not even when an alarm rings in between', async () => {
    const { ledger, turn } = openLedger();
    const posted: string[] = [];
    turn.post = async (destination) => {
      posted.push(destination);
    };
    const task = await submit(ledger, spec());
    const fence = await begin(ledger, task.id);
    const confirm: (() => void)[] = [];
    turn.durable = () => new Promise((resolve) => confirm.push(resolve));
    const outcome = { kind: 'waiting', for: 'event', correlation: 'c', meeting: 'default/0/ledger/1' } as const;
    const report = ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome, delayFraction: 0 });
    await ledger.tick();
    expect(posted).toEqual([]);
    confirm.forEach((resolve) => resolve());
    await report;
    expect(posted).toEqual(['default/0/ledger/1']);
  });

  it('sends posts that a process left behind when it is touched, though the alarm for them was lost', async () => {
    const { ledger, reopen, turn } = openLedger();
    const posted: string[] = [];
    turn.post = () => Promise.reject(new Error('unreachable'));
    const task = await submit(ledger, spec());
    const fence = await begin(ledger, task.id);
    const outcome = { kind: 'waiting', for: 'event', correlation: 'c', meeting: 'default/0/ledger/1' } as const;
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome, delayFraction: 0 });
    const opened = reopen();
    turn.now += 1_000;
    await opened.tick();
    // It was tried, and an alarm is armed for the next try: that one is lost.
    await vi.waitFor(() => expect(turn.alarmAt).toBe(START + 2_000));
    turn.alarmAt = Number.POSITIVE_INFINITY;
    turn.now += 60_000;
    turn.post = async (destination) => {
      posted.push(destination);
    };
    await opened.touch();
    expect(turn.alarmAt).toBeLessThanOrEqual(turn.now);
    await opened.tick();
    await vi.waitFor(() => expect(posted).toEqual(['default/0/ledger/1']));
  });
});
