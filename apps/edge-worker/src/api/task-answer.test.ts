import { expect, it } from 'vitest';
import { preferredWaitMs } from './task-answer.ts';

const asking = (prefer?: string) => new Request('https://errand.test/', prefer === undefined ? {} : { headers: { prefer } });

it.each([
  [undefined, 0],
  ['wait=5', 5_000],
  ['WAIT=5', 5_000],
  ['wait = 5', 5_000],
  ['wait="5"', 5_000],
  ['respond-async, wait=5; foo=bar', 5_000],
  ['wait=0', 0],
  ['wait=21', 20_000],
  ['wait=99999999999999999999', 20_000],
  ['wait=-1', 0],
  ['wait=1.5', 0],
  ['wait=soon', 0],
  ['wait', 0],
  ['await=5', 0],
])('Prefer %j waits %i ms', (prefer, waitMs) => {
  expect(preferredWaitMs(asking(prefer))).toBe(waitMs);
});
