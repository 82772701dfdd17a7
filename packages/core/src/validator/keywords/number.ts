/** Limits of numbers: `minimum`, `maximum`, their exclusive forms, and `multipleOf`. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Check, PartOf } from '../engine/node.ts';
import { multipleOf } from '../engine/multiple.ts';
import { sequence } from '../engine/sequence.ts';
import { show } from '../engine/show.ts';
import { read, readNumber } from '../engine/site.ts';
import { assertion, fused, type Test } from './assertion.ts';

export const number: KeywordGroup = {
  keywords: {
    minimum: { vocabulary: 'validation' },
    maximum: { vocabulary: 'validation' },
    exclusiveMinimum: { vocabulary: 'validation' },
    exclusiveMaximum: { vocabulary: 'validation' },
    multipleOf: { vocabulary: 'validation' },
  },
  compile(site) {
    const [min, max] = [readNumber(site, 'minimum'), readNumber(site, 'maximum')];
    const [above, below] = [readNumber(site, 'exclusiveMinimum'), readNumber(site, 'exclusiveMaximum')];
    const step = readNumber(site, 'multipleOf');
    // In draft 4 the exclusive forms are flags beside the limit.
    const [open, closed] = [read(site, 'exclusiveMinimum') === true, read(site, 'exclusiveMaximum') === true];
    const limit = (keyword: string, words: string, bound: number, test: Test<number>): PartOf<'number'> =>
      assertion(site, 'number', keyword, test, (value) => ({
        expected: `must be ${words} ${bound}`,
        got: show(value),
        params: { limit: bound },
      }));
    const range: PartOf<'number'>[] = [];
    if (min !== undefined)
      range.push(limit('minimum', open ? 'greater than' : 'at least', min, (value) => value > min || (!open && value === min)));
    if (max !== undefined)
      range.push(limit('maximum', closed ? 'less than' : 'at most', max, (value) => value < max || (!closed && value === max)));
    const others: PartOf<'number'>[] = [];
    if (above !== undefined) others.push(limit('exclusiveMinimum', 'greater than', above, (value) => value > above));
    if (below !== undefined) others.push(limit('exclusiveMaximum', 'less than', below, (value) => value < below));
    if (step !== undefined && step > 0) others.push(limit('multipleOf', 'a multiple of', step, multipleOf(step)));
    if (range.length + others.length === 0) return [];
    if (open || closed) return [...range, ...others];
    return [fuse([...range, ...others], min ?? -Infinity, max ?? Infinity, sequence(others.map((part) => part.check)))];
  },
};

/** One check for the usual limits, and for what comes beside them. */
function fuse(parts: readonly PartOf<'number'>[], min: number, max: number, others: Check<number> | null): PartOf<'number'> {
  if (others === null) {
    return fused('number', parts, (value) => value >= min && value <= max, {
      number: (value) => typeof value === 'number' && value >= min && value <= max,
      integer: (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    });
  }
  const check: Check<number> = (value, run) => value >= min && value <= max && others(value, run, null);
  return fused('number', parts, check, {
    number: (value, run) => typeof value === 'number' && check(value, run, null),
    integer: (value, run) => typeof value === 'number' && Number.isInteger(value) && check(value, run, null),
  });
}
