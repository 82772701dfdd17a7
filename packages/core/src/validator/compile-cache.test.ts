import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CompileCache } from './compile-cache.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('the cache of compiled schemas', () => {
  it('compiles the same content once, whichever object brings it', () => {
    const cache = new CompileCache(sha256);
    const first = cache.compile({ type: 'string' });
    expect(cache.compile({ type: 'string' })).toBe(first);
    expect(cache.compile({ type: 'number' })).not.toBe(first);
  });

  it('keeps apart what is compiled with other options or beside other schemas', () => {
    const cache = new CompileCache(sha256);
    const schema = { $ref: 'https://example.com/a' };
    const [ours, theirs] = [new Map([['https://example.com/a', true]]), new Map([['https://example.com/a', false]])];
    expect(cache.compile(schema)).toMatchObject({ ok: false });
    expect(cache.compile(schema, { schemas: ours })).toMatchObject({ ok: true });
    expect(cache.compile(schema, { schemas: theirs })).not.toBe(cache.compile(schema, { schemas: ours }));
    expect(cache.compile(schema, { schemas: ours })).toBe(cache.compile(schema, { schemas: ours }));
    expect(cache.compile({ format: 'email' }, { formats: 'annotate' })).not.toBe(cache.compile({ format: 'email' }));
  });

  it('forgets what was asked for longest ago when it is full', () => {
    const cache = new CompileCache(sha256, { maxSchemas: 2 });
    const [a] = [cache.compile({ const: 'a' }), cache.compile({ const: 'b' })];
    expect(cache.compile({ const: 'a' })).toBe(a);
    cache.compile({ const: 'c' });
    expect(cache.size).toBe(2);
    expect(cache.compile({ const: 'a' })).toBe(a);
  });

  it('is bounded by the size of its schemas too', () => {
    const cache = new CompileCache(sha256, { maxCharacters: 1_000 });
    for (let index = 0; index < 50; index += 1) cache.compile({ $comment: 'x'.repeat(100), const: index });
    expect(cache.size).toBeLessThan(10);
  });

  it('remembers refusals, and refuses what cannot be written', () => {
    const cache = new CompileCache(sha256);
    expect(cache.compile({ type: 'strin' })).toBe(cache.compile({ type: 'strin' }));
    const endless: { not?: unknown } = {};
    endless.not = endless;
    expect(cache.compile(endless as never)).toMatchObject({ ok: false });
  });
});
