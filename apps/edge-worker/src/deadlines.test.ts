import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.ts';

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Deadlines whose names are written down as they pass. */
function watched() {
  const deadlines = new Deadlines();
  const passed: string[] = [];
  return { deadlines, passed, add: (name: string, afterMs: number) => deadlines.add(afterMs, () => passed.push(name)) };
}

describe('deadlines', () => {
  it('pass in their order, each once, whatever the order they were set in', () => {
    const { passed, add } = watched();
    add('second', 200);
    add('first', 100);
    add('third', 300);
    vi.advanceTimersByTime(150);
    expect(passed).toEqual(['first']);
    vi.advanceTimersByTime(1_000);
    expect(passed).toEqual(['first', 'second', 'third']);
  });

  it('do not pass once they are removed, and others do all the same', () => {
    const { deadlines, passed, add } = watched();
    const first = add('first', 100);
    add('second', 200);
    deadlines.remove(first);
    vi.advanceTimersByTime(1_000);
    expect(passed).toEqual(['second']);
  });

  it('leave no timer behind when all are removed', () => {
    const { deadlines, add } = watched();
    for (const one of [add('a', 100), add('b', 200)]) deadlines.remove(one);
    expect(vi.getTimerCount()).toBe(0);
    add('c', 50);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('may be further away than a timer of the platform reaches', () => {
    const { passed, add } = watched();
    add('in two months', 60 * DAY_MS);
    vi.advanceTimersByTime(59 * DAY_MS);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(2 * DAY_MS);
    expect(passed).toEqual(['in two months']);
  });
});
