import { describe, expect, it } from 'vitest';
import { formatDuration, MAX_DURATION_MS, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['PT0.2S', 200],
    ['PT90S', 90_000],
    ['PT1.5M', 90_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT0S', 0],
    ['P3650D', MAX_DURATION_MS],
  ])('"%s" is so many milliseconds', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each(['', 'P', 'PT', 'P1Y', 'P1M', '-PT1S', 'PT1S ', '1S', 'PT1M1H', 'PT,5S', 'P3651D', `PT${'1'.repeat(99)}S`])(
    'is not "%s": nothing that has no fixed length, no sign, no more than ten years',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each([0, 1, 200, 1_000, 90_000, 3_600_000, 86_400_000, 129_600_000, MAX_DURATION_MS])(
    'of %i ms is read as it was written',
    (durationMs) => {
      expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
    },
  );

  it('is written as short as can be', () => {
    expect([0, 90_000, 86_400_000].map(formatDuration)).toEqual(['PT0S', 'PT1M30S', 'P1D']);
  });
});
