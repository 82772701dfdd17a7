/** Strings: `minLength` and `maxLength`, counted in code points, and `pattern`, which runs in linear time. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Part } from '../engine/node.ts';
import { type Run, spend } from '../engine/run.ts';
import { count, show } from '../engine/show.ts';
import { readNumber, readText } from '../engine/site.ts';
import { assertion } from './assertion.ts';

export const string: KeywordGroup = {
  keywords: { minLength: { vocabulary: 'validation' }, maxLength: { vocabulary: 'validation' }, pattern: { vocabulary: 'validation' } },
  compile(site) {
    const parts: Part[] = [];
    const [min, max, pattern] = [readNumber(site, 'minLength'), readNumber(site, 'maxLength'), readText(site, 'pattern')];
    // A string has at most as many code points as code units, and at least half as many: mostly nothing is counted.
    if (min !== undefined) {
      parts.push(
        assertion(
          site,
          'string',
          'minLength',
          (text, run) => text.length >= min && (text.length >= 2 * min || codePoints(text, run) >= min),
          (text, run) => [`must have at least ${count(min, 'character')}; got ${show(text)} with ${codePoints(text, run)}`, { limit: min }],
        ),
      );
    }
    if (max !== undefined) {
      parts.push(
        assertion(
          site,
          'string',
          'maxLength',
          (text, run) => text.length <= max || (text.length <= 2 * max && codePoints(text, run) <= max),
          (text, run) => [`must have at most ${count(max, 'character')}; got ${show(text)} with ${codePoints(text, run)}`, { limit: max }],
        ),
      );
    }
    if (pattern !== undefined) {
      const matcher = site.compiler.pattern(pattern, site, 'pattern');
      parts.push(
        assertion(
          site,
          'string',
          'pattern',
          (text, run) => {
            spend(run, matcher.cost(text.length));
            return matcher.test(text);
          },
          (text) => [`must match the pattern ${pattern}; got ${show(text)}`, { pattern }],
        ),
      );
    }
    return parts;
  },
};

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
