/**
 * Patterns run in linear time whatever they are. One whose next character decides everything runs on the runtime's own
 * engine; any other on RE2's automata, which cannot backtrack, and so does every long text.
 */
import { RE2JS } from 're2js';
import type { Matcher } from '../engine/compile.ts';
import { isAnchored, isDeterministic } from './deterministic.ts';
import { parsePattern, PatternError } from './parse.ts';
import { print } from './print.ts';
import { longestMatch, type Regex, sizeOf } from './regex.ts';

/** Characters of one pattern. */
export const MAX_PATTERN_LENGTH = 512;

/** The largest pattern, its repetitions written out. */
const MAX_PATTERN_SIZE = 2_000;

/** Where a match may begin anywhere, each place costs at most this many characters. */
const MAX_UNANCHORED_MATCH = 32;

/** Longer texts go to RE2: the runtime's own engine keeps a stack that grows with the text. */
const MAX_NATIVE_TEXT = 4_096;

/** A pattern made ready, or why it is refused: a sentence about the schema that has it. */
export function compilePattern(source: string): Matcher | string {
  if (source.length > MAX_PATTERN_LENGTH) return `has a pattern of ${source.length} characters; at most ${MAX_PATTERN_LENGTH} are taken`;
  try {
    const regex = parsePattern(source);
    const size = sizeOf(regex);
    if (size > MAX_PATTERN_SIZE) throw new PatternError('is too large with its repetitions written out');
    return isFast(regex) ? nativeMatcher(regex, size) : re2Matcher(regex, size);
  } catch (error) {
    if (error instanceof PatternError) return `has the pattern ${source}, which ${error.message}`;
    throw error;
  }
}

function isFast(regex: Regex): boolean {
  return isDeterministic(regex) && (isAnchored(regex) || longestMatch(regex) <= MAX_UNANCHORED_MATCH);
}

function nativeMatcher(regex: Regex, size: number): Matcher {
  const native = new RegExp(print(regex, 'native'), 'u');
  let linear: Matcher | undefined;
  return {
    size,
    test(text) {
      if (text.length <= MAX_NATIVE_TEXT) return native.test(text);
      linear ??= re2Matcher(regex, size);
      return linear.test(text);
    },
    cost: (characters) => (characters <= MAX_NATIVE_TEXT ? 1 + (characters >> 2) : 2 * characters),
  };
}

function re2Matcher(regex: Regex, size: number): Matcher {
  const automaton = RE2JS.compile(print(regex, 're2'));
  return { size, test: (text) => automaton.test(text), cost: (characters) => 4 + 2 * characters };
}
