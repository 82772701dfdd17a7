import { expect, it } from 'vitest';
import { localTime, timeOfLocal } from './local-time.ts';

it('gives back the minute that was typed', () => {
  expect(localTime(timeOfLocal('2026-03-04T05:06'))).toBe('2026-03-04T05:06');
});

it('keeps the minute while a year is being typed, digit by digit', () => {
  expect(localTime(timeOfLocal('0002-03-04T05:06'))).toBe('0002-03-04T05:06');
});

it('takes nothing for a time that is none', () => {
  expect([localTime(undefined), localTime('soon'), timeOfLocal(''), timeOfLocal('then')]).toEqual(['', '', '', '']);
});
