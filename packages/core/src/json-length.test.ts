import { describe, expect, it } from 'vitest';
import { isLongerThan } from './json-length.ts';

describe('isLongerThan', () => {
  it('tells long values from short ones, however they are long', () => {
    expect(isLongerThan({ a: 1, b: [true, null, 'text'] }, 100)).toBe(false);
    expect(isLongerThan('x'.repeat(100), 100)).toBe(true);
    expect(isLongerThan({ a: { b: ['x'.repeat(60), 'y'.repeat(60)] } }, 100)).toBe(true);
    expect(
      isLongerThan(
        Array.from({ length: 50 }, () => 1),
        100,
      ),
    ).toBe(true);
    expect(isLongerThan({ ['k'.repeat(100)]: 1 }, 100)).toBe(true);
  });
});
