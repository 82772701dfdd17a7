import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { isDeeperThan, MAX_JSON_DEPTH, parseJson, utf8Bytes } from './limits.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('a text', () => {
  it('is parsed within its limits', () => {
    expect(parseJson('{"a": [1, "]]]]"]}')).toEqual({ ok: true, value: { a: [1, ']]]]'] } });
    expect(parseJson(nested(MAX_JSON_DEPTH))).toMatchObject({ ok: true });
  });

  it('is refused for its bytes, its depth or its form, in that order', () => {
    expect(parseJson(`"${'€'.repeat(10)}"`, 20)).toMatchObject({ error: { detail: 'must have at most 20 bytes' } });
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toMatchObject({ error: { detail: 'must not be nested more than 64 levels deep' } });
    expect(parseJson('{')).toMatchObject({ error: { detail: expect.stringContaining('is not JSON') } });
  });

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
