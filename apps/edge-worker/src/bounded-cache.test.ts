import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

it('forgets what was not used for longest once it weighs too much', () => {
  const cache = new BoundedCache<number>(10);
  cache.set('a', 1, 4);
  cache.set('b', 2, 4);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3, 4);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
});

it('weighs a replaced value once, and keeps nothing that outweighs it all', () => {
  const cache = new BoundedCache<number>(10);
  for (let i = 0; i < 5; i++) cache.set('a', i, 6);
  cache.set('b', 1, 4);
  cache.set('huge', 1, 11);
  expect([cache.get('a'), cache.get('b'), cache.get('huge')]).toEqual([4, 1, undefined]);
});
