import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
const DAY_MS = 86_400_000;

describe('Retry-After', () => {
  it.each<[string, number]>([
    ['120', 120_000],
    [' 1 ', 1_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['999999', DAY_MS],
    ['Wed, 21 Oct 2099 07:28:00 GMT', DAY_MS],
  ])('"%s" is a wait of %i ms, a day at most', (header, waitMs) => {
    expect(retryAfterMs(header, NOW)).toBe(waitMs);
  });

  it.each([undefined, '', '0', '-5', '1.5', 'soon', '2026-10-21T07:28:30Z', 'Wed, 21 Oct 2026 07:27:00 GMT', 'Wednesday, never'])(
    'that says "%s" asks for nothing',
    (header) => {
      expect(retryAfterMs(header, NOW)).toBeUndefined();
    },
  );
});
