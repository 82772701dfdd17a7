import { describe, expect, it } from 'vitest';
import { isKnownTo, lets, tagsIn } from './entity-tags.ts';

describe('a list of entity tags', () => {
  it.each([
    ['"3"', [{ isWeak: false, value: '3' }]],
    [
      ' "1" ,W/"2","a,b" ',
      [
        { isWeak: false, value: '1' },
        { isWeak: true, value: '2' },
        { isWeak: false, value: 'a,b' },
      ],
    ],
    ['""', [{ isWeak: false, value: '' }]],
    ['*', '*'],
    [' * ', '*'],
  ])('is read tag by tag: %s', (header, tags) => {
    expect(tagsIn(header)).toEqual(tags);
  });

  it.each(['3', 'w/"3"', '"3" "4"', '"3', '"3",*', '"3"x'])('names nothing when it is none: %s', (header) => {
    expect(tagsIn(header)).toEqual([]);
    expect([lets(header, '"3"'), isKnownTo(header, '"3"')]).toEqual([false, false]);
  });

  it.each([null, '', '  '])('that is missing or empty demands nothing (%j)', (header) => {
    expect([lets(header, '"3"'), isKnownTo(header, '"3"')]).toEqual([true, false]);
  });
});

it.each([
  ['"3"', true, true],
  ['"1", "3"', true, true],
  ['W/"3"', false, true],
  ['W/"3", "3"', true, true],
  ['"03"', false, false],
  ['*', true, true],
])('If-Match compares strongly, If-None-Match weakly: %s', (header, through, known) => {
  expect([lets(header, '"3"'), isKnownTo(header, '"3"')]).toEqual([through, known]);
});
