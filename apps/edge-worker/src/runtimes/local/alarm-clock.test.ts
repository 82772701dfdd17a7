import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlarmClock } from './alarm-clock.ts';

const HOUR_MS = 3_600_000;
/** How far the wall clock was set from the one that timers count by. */
const set = { byMs: 0 };

beforeEach(() => {
  set.byMs = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function clock(): { clock: AlarmClock; rings: number[]; now: () => number } {
  const rings: number[] = [];
  const now = (): number => Date.now() + set.byMs;
  return { clock: new AlarmClock(now, () => rings.push(now())), rings, now };
}

describe('the alarm clock', () => {
  it('rings once at the earliest time asked for, far times too', () => {
    const { clock: alarm, rings, now } = clock();
    const start = now();
    alarm.wakeBy(start + 60 * 24 * HOUR_MS);
    alarm.wakeBy(start + HOUR_MS);
    alarm.wakeBy(start + 2 * HOUR_MS);
    vi.advanceTimersByTime(HOUR_MS - 1);
    expect(rings).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rings).toEqual([start + HOUR_MS]);
    vi.advanceTimersByTime(100 * 24 * HOUR_MS);
    expect(rings).toHaveLength(1);
  });

  it('is not early when the wall clock is set back', () => {
    const { clock: alarm, rings, now } = clock();
    const at = now() + 5_000;
    alarm.wakeBy(at);
    set.byMs = -HOUR_MS;
    vi.advanceTimersByTime(HOUR_MS);
    expect(rings).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(rings).toHaveLength(1);
    expect(rings[0]).toBeGreaterThanOrEqual(at);
  });

  it('notices within ten seconds that the wall clock was set forward', () => {
    const { clock: alarm, rings, now } = clock();
    alarm.wakeBy(now() + HOUR_MS);
    set.byMs = 2 * HOUR_MS;
    vi.advanceTimersByTime(10_000);
    expect(rings).toHaveLength(1);
  });

  it('rings no more after a stop', () => {
    const { clock: alarm, rings, now } = clock();
    alarm.wakeBy(now() + 10);
    alarm.stop();
    alarm.wakeBy(now() + 10);
    vi.advanceTimersByTime(HOUR_MS);
    expect(rings).toEqual([]);
  });
});
