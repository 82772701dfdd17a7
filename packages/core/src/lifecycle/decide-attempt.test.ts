import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { Command } from '../command.ts';
import { after, answer, BEGIN, DONE, FAILURE, given, LEASE_MS, report, spec, START, verb } from './given.fixture.ts';

const WAITING = { kind: 'waiting', for: 'callback' } as const;
const DAY_MS = 86_400_000;
const heartbeat = (fence: number): Command => ({ type: 'heartbeat', actor: SYSTEM, fence });

describe('a begin', () => {
  it('gives the attempt a lease under the next fence', () => {
    expect(after(given(spec()), BEGIN, START + 7)).toMatchObject({
      status: 'running',
      attempt: 1,
      startedAt: START + 7,
      lease: { fence: 1, worker: 'w', startedAt: START + 7, until: START + 7 + LEASE_MS },
    });
  });

  it('by a message that came twice begins nothing', () => {
    expect(answer(given(spec(), BEGIN), BEGIN)).toBe('wrong_state');
  });

  it('after the time to start is refused, though no alarm has ended the task yet', () => {
    const task = given(spec({ ttlMs: 1_000 }));
    expect(answer(task, BEGIN, START + 999)).toEqual(['task.started']);
    expect(answer(task, BEGIN, START + 1_000)).toBe('wrong_state');
  });
});

describe('an attempt that no longer holds the task', () => {
  const again = given(spec(), BEGIN, report(1, FAILURE), verb('retry-now'), BEGIN);

  it('is not heard, and the one that does is', () => {
    expect([answer(again, report(1, DONE)), answer(again, heartbeat(1))]).toEqual(['lease_lost', 'lease_lost']);
    expect([answer(again, report(2, DONE)), answer(again, heartbeat(2))]).toEqual([['task.completed'], []]);
  });

  it('is not heard after the end either', () => {
    expect(answer(given(spec(), BEGIN, report(1, DONE)), report(1, DONE))).toBe('lease_lost');
  });
});

describe('a failure', () => {
  it('waits for the backoff when the error is retryable', () => {
    expect(given(spec(), BEGIN, report(1, FAILURE))).toMatchObject({
      status: 'retrying',
      retryAt: START + 2 + 1_000,
      error: FAILURE.error,
    });
  });

  it('ends the task when its attempts are used up', () => {
    const retry = { ...spec().retry, maxAttempts: 2 };
    const last = given(spec({ retry }), BEGIN, report(1, FAILURE), verb('retry-now'), BEGIN, report(2, FAILURE));
    expect(last).toMatchObject({ status: 'failed', attempt: 2, error: FAILURE.error });
  });
});

describe('an attempt that waits for somebody outside', () => {
  const waiting = given(spec(), BEGIN, report(1, WAITING));

  it('holds no lease, and is finished under its fence', () => {
    expect(waiting).toMatchObject({ status: 'waiting', wait: { for: 'callback', fence: 1, since: START + 2 } });
    expect('lease' in waiting).toBe(false);
    expect(answer(waiting, report(2, DONE))).toBe('lease_lost');
    expect(after(waiting, report(1, DONE), START + 9)).toMatchObject({ status: 'completed', output: DONE.output });
  });

  it('changes nothing when it says so twice', () => {
    expect(answer(waiting, report(1, WAITING))).toEqual([]);
  });

  it('may be finished while the task is paused', () => {
    expect(answer(after(waiting, verb('pause'), START + 5), report(1, DONE))).toEqual(['task.completed']);
  });

  it('has a day, or its own longer time, unless the type bounds the whole task', () => {
    expect(waiting).toMatchObject({ wait: { until: START + 2 + DAY_MS } });
    const long = given(spec({ timeouts: { startToCloseMs: 2 * DAY_MS } }), BEGIN, report(1, WAITING));
    expect(long).toMatchObject({ wait: { until: START + 2 + 2 * DAY_MS } });
    const bounded = given(spec({ timeouts: { startToCloseMs: 1_000, scheduleToCloseMs: 5_000 } }), BEGIN, report(1, WAITING));
    expect(bounded.status === 'waiting' && bounded.wait?.until).toBeUndefined();
  });
});
