import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { randomBytesFromPool } from './random-bytes.ts';

it('gives every byte once, over the ends of the pool and beyond its size', () => {
  const randomBytes = randomBytesFromPool();
  const drawn = [...Array.from({ length: 2_000 }, () => 13), 4_096, 10_000, 1, 4_095, 2].map((count) => {
    const bytes = randomBytes(count);
    expect(bytes).toHaveLength(count);
    return Buffer.from(bytes);
  });
  const ids = drawn.slice(0, 2_000).map((bytes) => bytes.toString('hex'));
  expect(new Set(ids).size).toBe(2_000);
  // Of 26,000 drawn bytes each value comes about a hundred times.
  const counts = Array.from({ length: 256 }, () => 0);
  for (const bytes of drawn) for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
});
