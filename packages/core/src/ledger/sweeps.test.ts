import { describe, expect, it } from 'vitest';
import { mostDeleted } from './sweeps.ts';

describe('the pace of retention', () => {
  it('is ahead of the tasks that end, at any rate', () => {
    for (const ended of [1, 10, 100, 500, 1_300]) expect(mostDeleted(3, ended)).toBeGreaterThan(ended);
  });

  it('takes its time from nobody: less while somebody is there than while nobody is', () => {
    expect(mostDeleted(1, 1)).toBeLessThan(mostDeleted(0, 0));
    expect(mostDeleted(1, 0)).toBeGreaterThan(0);
  });

  it('is bounded, so that no stretch keeps callers waiting', () => {
    expect(mostDeleted(1, 1_000_000)).toBeLessThanOrEqual(2_000);
  });
});
