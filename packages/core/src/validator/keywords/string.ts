/** Strings: `minLength` and `maxLength`, counted in code points, and `pattern`, which runs in linear time. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Check, PartOf } from '../engine/node.ts';
import { type Run, spend } from '../engine/run.ts';
import { count, show } from '../engine/show.ts';
import { readNumber, readText, type Site } from '../engine/site.ts';
import { assertion, fused, type Test } from './assertion.ts';

export const string: KeywordGroup = {
  keywords: { minLength: { vocabulary: 'validation' }, maxLength: { vocabulary: 'validation' }, pattern: { vocabulary: 'validation' } },
  compile(site) {
    const [min, max, pattern] = [readNumber(site, 'minLength'), readNumber(site, 'maxLength'), readText(site, 'pattern')];
    const lengths: PartOf<'string'>[] = [];
    if (min !== undefined) lengths.push(length(site, 'minLength', 'at least', min, (text, run) => isAtLeast(text, min, run)));
    if (max !== undefined) lengths.push(length(site, 'maxLength', 'at most', max, (text, run) => isAtMost(text, max, run)));
    if (pattern === undefined) return lengths.length === 0 ? [] : [fuse(lengths, min, max)];
    const matches = matching(site, pattern);
    if (lengths.length === 0) return [matches];
    const { check } = fuse(lengths, min, max);
    const both: Check<string> = (text, run) => check(text, run, null) && matches.check(text, run, null);
    return [fused('string', [...lengths, matches], both, { string: (value, run) => typeof value === 'string' && both(value, run, null) })];
  },
};

// A string has at most as many code points as code units, and at least half as many: mostly nothing is counted.
function isAtLeast(text: string, min: number, run: Run): boolean {
  return text.length >= min && (text.length >= 2 * min || codePoints(text, run) >= min);
}

function isAtMost(text: string, max: number, run: Run): boolean {
  return text.length <= max || (text.length <= 2 * max && codePoints(text, run) <= max);
}

function length(site: Site, keyword: string, words: string, limit: number, test: Test<string>): PartOf<'string'> {
  return assertion(site, 'string', keyword, test, (text, run) => ({
    expected: `must have ${words} ${count(limit, 'character')}`,
    got: `${codePoints(text, run)} in ${show(text)}`,
    params: { limit },
  }));
}

function matching(site: Site, pattern: string): PartOf<'string'> {
  const matcher = site.compiler.pattern(pattern, site, 'pattern');
  const test: Test<string> = (text, run) => {
    spend(run, matcher.cost(text.length));
    return matcher.test(text);
  };
  const part = assertion(site, 'string', 'pattern', test, (text) => ({
    expected: `must match the pattern ${pattern}`,
    got: show(text),
    params: { pattern },
  }));
  return { ...part, typed: { string: (value, run) => typeof value === 'string' && test(value, run) } };
}

/** One check for the length, which is seldom so close to a limit that anything is counted. */
function fuse(parts: readonly PartOf<'string'>[], min = 0, max = Infinity): PartOf<'string'> {
  const check: Check<string> = (text, run) =>
    (text.length >= 2 * min && text.length <= max) || (isAtLeast(text, min, run) && isAtMost(text, max, run));
  return fused('string', parts, check, { string: (value, run) => typeof value === 'string' && check(value, run, null) });
}

/** Characters as Unicode counts them: a surrogate pair is one. */
function codePoints(text: string, run: Run): number {
  spend(run, text.length >> 3);
  let points = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    if (isSurrogate(text.charCodeAt(index), 0xd800) && isSurrogate(text.charCodeAt(index + 1), 0xdc00)) {
      points -= 1;
      index += 1;
    }
  }
  return points;
}

function isSurrogate(unit: number, from: 0xd800 | 0xdc00): boolean {
  return unit >= from && unit < from + 0x400;
}
