import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { isDeeperThan, utf8Bytes } from './limits.ts';

describe('a text', () => {
  it('has as many bytes as its UTF-8', () => {
    for (const text of ['', 'a', 'é', '€', '😀', 'a😀€é']) expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
    expect(utf8Bytes('€'.repeat(100), 50)).toBeGreaterThan(50);
  });
});

describe('the depth of a value', () => {
  it('counts arrays and objects inside each other', () => {
    expect(isDeeperThan(1, 0)).toBe(false);
    expect(isDeeperThan([], 0)).toBe(true);
    expect(isDeeperThan({ a: [1] }, 2)).toBe(false);
    expect(isDeeperThan({ a: [[1]] }, 2)).toBe(true);
  });

  it('is told of a value that holds itself, or the same again and again', () => {
    const endless: { a?: unknown } = {};
    endless.a = endless;
    expect(isDeeperThan(endless as Json, 64)).toBe(true);
    let wide: Json = [];
    for (let level = 0; level < 40; level += 1) wide = [wide, wide];
    expect(isDeeperThan(wide, 64)).toBe(true);
  });
});
