/** The formats we know, by name, from a library: its answers are those of the official suite. */
import { Get } from 'typebox/format';

/**
 * Characters of a text with a format. The library tests formats by regular expressions, which the engines of some runtimes
 * give up on beyond some 10,000 repetitions; up to here all of them take less than a millisecond and say the same.
 */
export const MAX_FORMAT_LENGTH = 8_192;

export function findFormat(name: string): ((text: string) => boolean) | undefined {
  const test = Get(name);
  return test === undefined ? undefined : (text) => text.length <= MAX_FORMAT_LENGTH && test(text);
}
