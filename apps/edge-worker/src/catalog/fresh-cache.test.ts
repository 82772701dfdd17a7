import { describe, expect, it } from 'vitest';
import { FreshCache } from './fresh-cache.ts';

describe('a cache of the catalog', () => {
  it('believes what was read for ten seconds, and no longer', () => {
    const cache = new FreshCache<string>(10);
    cache.set('a', 'one', 1_000);
    expect([cache.get('a', 10_999), cache.get('a', 11_000)]).toEqual(['one', undefined]);
  });

  it('believes nothing beyond its own end', () => {
    const cache = new FreshCache<string>(10);
    cache.set('a', 'one', 0, 500);
    expect([cache.get('a', 499), cache.get('a', 500)]).toEqual(['one', undefined]);
  });

  it('forgets at once what was changed here', () => {
    const cache = new FreshCache<string>(10);
    for (const key of ['a', 'b', 'c']) cache.set(key, `of ${key}`, 0);
    cache.forget('a');
    cache.forgetEach((value) => value === 'of b');
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 1))).toEqual([undefined, undefined, 'of c']);
  });

  it('never holds more than it may', () => {
    const cache = new FreshCache<number>(3);
    for (let i = 0; i < 10; i++) cache.set(String(i), i, 0);
    expect(Array.from({ length: 10 }, (_, i) => cache.get(String(i), 1)).filter((value) => value !== undefined).length).toBeLessThanOrEqual(
      3,
    );
    expect(cache.get('9', 1)).toBe(9);
  });
});
