/**
 * Whether the next character alone decides how a regular expression goes on, as in `^[A-Z]{3}-\d+$`, but for a few ways that
 * can be counted, as in `^(card|cash)$`. Then a backtracking engine is linear: it takes each way once. So such patterns, the
 * usual ones, may run on the fast engine of the runtime.
 */
import type { CharacterSet, Regex } from './regex.ts';

/** Characters that may come next: each of ASCII by a bit, all others together, and the end. */
type Next = bigint;

const BEYOND_ASCII = 1n << 128n;
const END = 1n << 129n;
const ASCII = BEYOND_ASCII - 1n;

/** Ways through an expression that may have to be tried one after the other. */
const MAX_WAYS = 32;

interface Outlook {
  readonly next: Next;
  readonly ways: number;
}

export function isDeterministic(regex: Regex): boolean {
  const outlook = look(regex, END);
  return outlook !== null && outlook.ways <= MAX_WAYS;
}

/** Says whether a match can begin at the start of the text only. */
export function isAnchored(regex: Regex): boolean {
  if (regex.kind === 'choice') return regex.options.every(isAnchored);
  if (regex.kind !== 'sequence') return regex.kind === 'start';
  const [first] = regex.parts;
  return first !== undefined && isAnchored(first);
}

/** What may come next before `regex` when `follow` may come after it; `null` where the ways cannot be counted. */
function look(regex: Regex, follow: Next, isFirst = true): Outlook | null {
  switch (regex.kind) {
    case 'set':
      return { next: nextOfSet(regex.set), ways: 1 };
    case 'start':
      // Anywhere but in front it depends on more than the next character.
      return isFirst ? { next: follow, ways: 1 } : null;
    case 'end':
      return { next: END, ways: 1 };
    case 'boundary':
      return null;
    case 'sequence':
      return regex.parts.reduceRight<Outlook | null>(
        (after, part, index) => {
          const before = after === null ? null : look(part, after.next, isFirst && index === 0);
          return before === null || after === null ? null : { next: before.next, ways: before.ways * after.ways };
        },
        { next: follow, ways: 1 },
      );
    case 'choice': {
      const options = regex.options.map((option) => look(option, follow, isFirst));
      return options.reduce<Outlook | null>((all, option) => (all === null || option === null ? null : either(all, option)), {
        next: 0n,
        ways: 0,
      });
    }
    case 'repeat':
      return lookAtRepeat(regex, follow);
  }
}

/** One or the other: both have to be tried only where the same character may begin them. */
function either(one: Outlook, other: Outlook): Outlook {
  const isOpen = (one.next & other.next) !== 0n;
  return { next: one.next | other.next, ways: isOpen ? one.ways + other.ways : Math.max(one.ways, other.ways) };
}

function lookAtRepeat({ body, min, max }: Regex & { kind: 'repeat' }, follow: Next): Outlook | null {
  // Twice: what follows the body is the body again, or what follows the whole.
  const once = isNullable(body) ? null : look(body, follow, false);
  const again = once === null ? null : look(body, once.next | follow, false);
  if (again === null) return null;
  if (min === max) return { next: max === 0 ? follow : again.next, ways: again.ways ** max };
  if (max === 1) return either(again, { next: follow, ways: 1 });
  return again.ways === 1 && (again.next & follow) === 0n ? { next: again.next | follow, ways: 1 } : null;
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
