import { describe, expect, it } from 'vitest';
import {
  after,
  answer,
  BEGIN,
  DONE,
  FAILURE,
  given,
  LEASE_MS,
  manual,
  report,
  spec,
  START,
  submitted,
  TICK,
  verb,
} from './given.fixture.ts';

const running = given(spec(), BEGIN);
const LOST_AT = START + 1 + LEASE_MS;

describe('time', () => {
  it('changes nothing before a deadline, and at it does', () => {
    const scheduled = submitted(spec(), START + 5_000);
    expect(answer(scheduled, TICK, START + 4_999)).toEqual([]);
    expect(answer(scheduled, TICK, START + 5_000)).toEqual(['task.due']);
  });

  it('ends a backoff', () => {
    const retrying = given(spec(), BEGIN, report(1, FAILURE));
    expect(after(retrying, TICK, START + 2 + 1_000)).toMatchObject({ status: 'queued', attempt: 1 });
  });

  it.each([
    ['ttl', { ttlMs: 500 }, 'expired', undefined],
    ['scheduleToStart', { timeouts: { scheduleToStartMs: 500 } }, 'timed_out', 'timeout.schedule_to_start'],
    ['scheduleToClose', { timeouts: { scheduleToCloseMs: 500 } }, 'timed_out', 'timeout.schedule_to_close'],
  ] as const)('ends a task that outlives its %s', (_name, over, status, code) => {
    const ended = after(given(spec(over)), TICK, START + 500);
    expect([ended.status, ended.error?.code]).toEqual([status, code]);
  });

  it('ends no task for starting late once it has started, nor one that a person holds', () => {
    expect(answer(given(spec({ ttlMs: 500, timeouts: { scheduleToStartMs: 500 } }), BEGIN), TICK, START + 500)).toEqual([]);
    expect(answer(given(manual({ ttlMs: 500 }), { ...TICK, type: 'claim', person: { id: 'ann', groups: [] } }), TICK, START + 500)).toEqual(
      [],
    );
  });

  it('ends an attempt that outlives its startToClose, which is tried again', () => {
    const timed = after(given(spec({ timeouts: { startToCloseMs: 500 } }), BEGIN), TICK, START + 1 + 500);
    expect(timed).toMatchObject({ status: 'retrying', error: { code: 'timeout.start_to_close' } });
  });

  it('ends a paused task whose own time is over, and wakes it for nothing else', () => {
    const paused = given(spec({ timeouts: { scheduleToCloseMs: 60_000 } }), BEGIN, report(1, FAILURE), verb('pause'));
    expect(answer(paused, TICK, START + 59_999)).toEqual([]);
    expect(answer(paused, TICK, START + 60_000)).toEqual(['task.timed_out']);
  });

  it('overrules an executor that does not stop after a cancel: in ten seconds, or when its lease is over', () => {
    const canceled = given(spec(), BEGIN, verb('cancel'));
    expect(answer(canceled, TICK, START + 2 + 9_999)).toEqual([]);
    expect(after(canceled, TICK, START + 2 + 10_000)).toMatchObject({ status: 'canceled', forced: true });
  });
});

describe('a cancel that was promised', () => {
  it('is kept, though the time of the task or of the attempt is over first', () => {
    const timeouts = { scheduleToCloseMs: 500, startToCloseMs: 500 };
    const canceled = given(spec({ timeouts }), BEGIN, verb('cancel'));
    expect(answer(canceled, TICK, START + 1_000)).toEqual([]);
    expect(answer(canceled, TICK, START + 60_000)).toEqual(['task.canceled']);
  });
});

describe('an attempt that falls silent', () => {
  it('is lost when its lease ends, as last renewed', () => {
    expect(answer(running, TICK, LOST_AT - 1)).toEqual([]);
    expect(answer(running, { ...TICK, leaseUntil: LOST_AT + 1 }, LOST_AT)).toEqual([]);
    expect(after(running, TICK, LOST_AT)).toMatchObject({ status: 'retrying', attempt: 1, error: { code: 'lease_lost' } });
  });

  it('is a timeout where the type asks for heartbeats', () => {
    const beating = given(spec({ timeouts: { heartbeatMs: LEASE_MS } }), BEGIN);
    expect(after(beating, TICK, LOST_AT)).toMatchObject({ error: { code: 'timeout.heartbeat' } });
  });

  it('together with its whole batch is not counted, once in a generation', () => {
    const requeued = after(running, { ...TICK, sharedLoss: true }, LOST_AT);
    expect(requeued).toMatchObject({ status: 'queued', attempt: 0, sharedLosses: 1 });
    const again = after(requeued, BEGIN, LOST_AT + 1);
    expect(after(again, { ...TICK, sharedLoss: true }, LOST_AT + 1 + LEASE_MS)).toMatchObject({ status: 'retrying', attempt: 1 });
    expect(answer(again, report(1, DONE), LOST_AT + 2)).toBe('lease_lost');
  });
});
