/** Limits of numbers: `minimum`, `maximum`, their exclusive forms, and `multipleOf`. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Part } from '../engine/node.ts';
import { multipleOf } from '../engine/multiple.ts';
import { read, readNumber, type Site } from '../engine/site.ts';
import { assertion, type Test } from './assertion.ts';

export const number: KeywordGroup = {
  keywords: {
    minimum: { vocabulary: 'validation' },
    maximum: { vocabulary: 'validation' },
    exclusiveMinimum: { vocabulary: 'validation' },
    exclusiveMaximum: { vocabulary: 'validation' },
    multipleOf: { vocabulary: 'validation' },
  },
  compile(site) {
    const parts: Part[] = [];
    const minimum = readNumber(site, 'minimum');
    const maximum = readNumber(site, 'maximum');
    const above = readNumber(site, 'exclusiveMinimum');
    const below = readNumber(site, 'exclusiveMaximum');
    const step = readNumber(site, 'multipleOf');
    // In draft 4 the exclusive forms are flags beside the limit.
    const [open, closed] = [read(site, 'exclusiveMinimum') === true, read(site, 'exclusiveMaximum') === true];
    if (minimum !== undefined)
      parts.push(
        open
          ? limit(site, 'minimum', minimum, 'greater than', (value) => value > minimum)
          : limit(site, 'minimum', minimum, 'at least', (value) => value >= minimum),
      );
    if (maximum !== undefined)
      parts.push(
        closed
          ? limit(site, 'maximum', maximum, 'less than', (value) => value < maximum)
          : limit(site, 'maximum', maximum, 'at most', (value) => value <= maximum),
      );
    if (above !== undefined) parts.push(limit(site, 'exclusiveMinimum', above, 'greater than', (value) => value > above));
    if (below !== undefined) parts.push(limit(site, 'exclusiveMaximum', below, 'less than', (value) => value < below));
    if (step !== undefined && step > 0) {
      parts.push(
        assertion(site, 'number', 'multipleOf', multipleOf(step), (value) => [
          `must be a multiple of ${step}; got ${value}`,
          { multipleOf: step },
        ]),
      );
    }
    return parts;
  },
};

function limit(site: Site, keyword: string, bound: number, words: string, test: Test<number>): Part {
  return assertion(site, 'number', keyword, test, (value) => [`must be ${words} ${bound}; got ${value}`, { limit: bound }]);
}
