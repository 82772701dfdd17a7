/**
 * Whether the next character alone decides how a regular expression goes on, as in `^[A-Z]{3}-\d+$`. Then a backtracking
 * engine never takes a way twice and is linear, so such patterns, the usual ones, may run on the fast one of the runtime.
 */
import type { CharacterSet, Regex } from './regex.ts';

/** Characters that may come next: each of ASCII by a bit, all others together, and the end. */
type Next = bigint;

const BEYOND_ASCII = 1n << 128n;
const END = 1n << 129n;
const ASCII = BEYOND_ASCII - 1n;

export function isDeterministic(regex: Regex): boolean {
  return next(regex, END) !== null;
}

/** Says whether a match can begin at the start of the text only. */
export function isAnchored(regex: Regex): boolean {
  if (regex.kind === 'choice') return regex.options.every(isAnchored);
  if (regex.kind !== 'sequence') return regex.kind === 'start';
  const [first] = regex.parts;
  return first !== undefined && isAnchored(first);
}

/** What may come next before `regex` when `follow` may come after it; `null` where one character leaves two ways open. */
function next(regex: Regex, follow: Next, isFirst = true): Next | null {
  switch (regex.kind) {
    case 'set':
      return nextOfSet(regex.set);
    case 'start':
      // Anywhere but in front it depends on more than the next character.
      return isFirst ? follow : null;
    case 'end':
      return END;
    case 'boundary':
      return null;
    case 'sequence':
      return regex.parts.reduceRight<Next | null>(
        (after, part, index) => (after === null ? null : next(part, after, isFirst && index === 0)),
        follow,
      );
    case 'choice': {
      let all = 0n;
      for (const option of regex.options) {
        const first = next(option, follow, isFirst);
        if (first === null || (first & all) !== 0n) return null;
        all |= first;
      }
      return all;
    }
    case 'repeat': {
      // Twice: what follows the body is the body again, or what follows the whole.
      const once = next(regex.body, follow, false);
      const first = once === null || isNullable(regex.body) ? null : next(regex.body, once | follow, false);
      if (first === null) return null;
      if (regex.min === regex.max) return first;
      return (first & follow) === 0n ? first | follow : null;
    }
  }
}

function isNullable(regex: Regex): boolean {
  switch (regex.kind) {
    case 'set':
      return false;
    case 'start':
    case 'end':
    case 'boundary':
      return true;
    case 'sequence':
      return regex.parts.every(isNullable);
    case 'choice':
      return regex.options.some(isNullable);
    case 'repeat':
      return regex.min === 0 || isNullable(regex.body);
  }
}

function nextOfSet({ negated, ranges, properties }: CharacterSet): Next {
  let bits = 0n;
  for (const [first, last] of ranges) {
    if (first < 128) bits |= (1n << BigInt(Math.min(last, 127) + 1)) - (1n << BigInt(first));
    if (last >= 128) bits |= BEYOND_ASCII;
  }
  for (const property of properties) {
    const test = new RegExp(`\\${property.negated ? 'P' : 'p'}{${property.native}}`, 'u');
    for (let point = 0; point < 128; point += 1) if (test.test(String.fromCharCode(point))) bits |= 1n << BigInt(point);
    bits |= BEYOND_ASCII;
  }
  return negated ? (~bits & ASCII) | BEYOND_ASCII : bits;
}
