/** Limits of numbers: `minimum`, `maximum`, their exclusive forms, and `multipleOf`. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { PartOf } from '../engine/node.ts';
import { multipleOf } from '../engine/multiple.ts';
import { sequence } from '../engine/sequence.ts';
import { show } from '../engine/show.ts';
import { read, readNumber, type Site } from '../engine/site.ts';
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
    const limits = limitsOf(site);
    const step = readNumber(site, 'multipleOf');
    const multiple =
      step === undefined || step <= 0
        ? []
        : [
            assertion(site, 'number', 'multipleOf', multipleOf(step), (value) => ({
              expected: `must be a multiple of ${step}`,
              got: show(value),
              params: { multipleOf: step },
            })),
          ];
    const parts = [...limits, ...multiple];
    return parts.length === 0 ? [] : [fuse(site, parts, multiple[0])];
  },
};

function limitsOf(site: Site): PartOf<'number'>[] {
  const parts: PartOf<'number'>[] = [];
  const [minimum, maximum] = [readNumber(site, 'minimum'), readNumber(site, 'maximum')];
  const [above, below] = [readNumber(site, 'exclusiveMinimum'), readNumber(site, 'exclusiveMaximum')];
  // In draft 4 the exclusive forms are flags beside the limit.
  const [open, closed] = [read(site, 'exclusiveMinimum') === true, read(site, 'exclusiveMaximum') === true];
  if (minimum !== undefined && !open) parts.push(limit(site, 'minimum', minimum, 'at least', (value) => value >= minimum));
  if (minimum !== undefined && open) parts.push(limit(site, 'minimum', minimum, 'greater than', (value) => value > minimum));
  if (maximum !== undefined && !closed) parts.push(limit(site, 'maximum', maximum, 'at most', (value) => value <= maximum));
  if (maximum !== undefined && closed) parts.push(limit(site, 'maximum', maximum, 'less than', (value) => value < maximum));
  if (above !== undefined) parts.push(limit(site, 'exclusiveMinimum', above, 'greater than', (value) => value > above));
  if (below !== undefined) parts.push(limit(site, 'exclusiveMaximum', below, 'less than', (value) => value < below));
  return parts;
}

function limit(site: Site, keyword: string, bound: number, words: string, test: Test<number>): PartOf<'number'> {
  return assertion(site, 'number', keyword, test, (value) => ({
    expected: `must be ${words} ${bound}`,
    got: show(value),
    params: { limit: bound },
  }));
}

/** One check for the usual limits, `minimum` and `maximum`; any others one after the other. */
function fuse(site: Site, parts: readonly PartOf<'number'>[], multiple: PartOf<'number'> | undefined): PartOf<'number'> {
  const min = readNumber(site, 'minimum') ?? -Infinity;
  const max = readNumber(site, 'maximum') ?? Infinity;
  if (read(site, 'exclusiveMinimum') !== undefined || read(site, 'exclusiveMaximum') !== undefined) {
    return fused('number', parts, sequence(parts.map((part) => part.check)) ?? (() => true), {});
  }
  if (multiple === undefined) {
    return fused('number', parts, (value) => value >= min && value <= max, {
      number: (value) => typeof value === 'number' && value >= min && value <= max,
      integer: (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    });
  }
  const { check } = multiple;
  return fused('number', parts, (value, run) => value >= min && value <= max && check(value, run, null), {
    number: (value, run) => typeof value === 'number' && value >= min && value <= max && check(value, run, null),
    integer: (value, run) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max && check(value, run, null),
  });
}
