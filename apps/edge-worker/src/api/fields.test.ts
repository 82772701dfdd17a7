import { describe, expect, it } from 'vitest';
import { parseTime } from './fields.ts';

describe('a time', () => {
  it.each([
    ['2030-01-01T00:00:00Z', 1_893_456_000_000],
    ['2030-01-01t01:00:00.250+01:00', 1_893_456_000_250],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  ])('%s is read', (text, at) => {
    expect(parseTime(text)).toBe(at);
  });

  it.each([
    '2030-02-30T00:00:00Z',
    '2030-13-01T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T25:00:00Z',
    'Jan 1 2030',
    '2030-01-01T00:00:00',
    '2030-01-01',
    '1893456000',
    'now',
    '',
  ])('"%s" is none', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});
