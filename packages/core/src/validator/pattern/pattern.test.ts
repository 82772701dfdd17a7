import { describe, expect, it } from 'vitest';
import { isAnchored, isDeterministic } from './deterministic.ts';
import { parsePattern } from './parse.ts';
import { compilePattern } from './pattern.ts';

function matches(source: string, text: string): boolean {
  const matcher = compilePattern(source);
  if (typeof matcher === 'string') throw new Error(matcher);
  return matcher.test(text);
}

describe('a pattern', () => {
  it.each([
    ['\\p{Letter}+', 'é', true],
    ['^\\p{Lu}$', 'a', false],
    ['^\\p{digit}+$', '৪২', true],
    ['^\\p{Script=Greek}+$', 'αβ', true],
    ['^\\P{L}$', '1', true],
    ['^\\s$', '\u00a0', true],
    ['^\\S$', '\ufeff', false],
    ['^\\d$', '৪', false],
    ['^.$', '😀', true],
    ['^.$', '\u2028', false],
    ['^\\ud83d\\ude00$', '😀', true],
    ['^[\\w-]+$', 'a-b', true],
    ['^a|b$', 'xb', true],
    ['^(?<year>[0-9]{4})$', '2026', true],
    ['^\\cJ$', '\n', true],
    ['[^]', '\n', true],
    ['[]', 'a', false],
    ['^a{,2}$', 'a{,2}', true],
    ['^\\-\\@$', '-@', true],
    ['a*?b', 'aab', true],
  ])('%s means for %j what ECMAScript means', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected);
  });

  it.each([
    ['(a)\\1', 'refers back'],
    ['(?=a)b', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['(?i:a)', 'kind of group'],
    ['a{1001}', 'more than 1000 times'],
    ['((a{50}){50}){50}', 'too large'],
    ['a{3,2}', 'from 3 down to 2'],
    ['*a', 'repeats nothing'],
    ['^*', 'takes no text'],
    ['[b-a]', 'out of order'],
    ['[\\d-z]', 'not one character'],
    ['\\p{Emoji}', 'property \\p{Emoji}'],
    ['\\Z', 'unknown escape "\\Z"'],
    ['\\', 'backslash'],
    ['(', '"(" without ")"'],
    [')', '")" without "("'],
    ['[', '"[" without "]"'],
    ['\\u{110000}', 'last one of Unicode'],
    ['x'.repeat(513), '513 characters'],
  ])('%s is refused, by its name and with the reason', (source, reason) => {
    expect(compilePattern(source)).toContain(reason);
  });
});

describe('the engine of the runtime is trusted with a pattern', () => {
  it.each([
    '^[A-Z]{3}-\\d+$',
    '^ord_[0-9a-z]{8,32}$',
    '^(card|cash|transfer)$',
    '^(?:a[0-9]*)*$',
    '^a|^b',
    '^\\p{L}+-\\p{N}+$',
    '[0-9]{4}',
  ])('where the next character decides: %s', (source) => expect(isDeterministic(parsePattern(source))).toBe(true));

  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)$',
    '^(a|b|ab)*$',
    '^(x?){9}y',
    '^(a|aa)+$',
    '^a*a$',
    '^.*b$',
    '^(a?){20}a',
    '^[a-z]+[a-z0-9]*$',
    '^\\bx',
    'a^',
    '^(a|)*$',
    '^\\p{L}*é',
  ])('but not where two ways are open: %s', (source) => expect(isDeterministic(parsePattern(source))).toBe(false));

  it('and where a match begins at the start only', () => {
    expect(['^a', '^a|^b', '(^a)'].map((source) => isAnchored(parsePattern(source)))).toEqual([true, true, true]);
    expect(['a', '^a|b', 'a^'].map((source) => isAnchored(parsePattern(source)))).toEqual([false, false, false]);
  });
});
