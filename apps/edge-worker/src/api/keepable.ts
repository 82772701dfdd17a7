/** What JSON can write and no storage keeps as it was sent: refused, with its place. */
import { escapePointer } from './json-pointer.ts';
import { Problem } from './problem.ts';

/** Refuses a value that would come back as another one; `text` is what it was parsed from. */
export function requireKeepable(value: unknown, text: string): void {
  // NUL ends text in some SQLite drivers, and a lone surrogate is no text at all; both hide behind escapes.
  if (text.includes('\\u')) refuse(value, isBrokenText, 'Text may hold neither NUL nor lone surrogates.', 'holds NUL or a lone surrogate');
  // `JSON.parse` reads 1e400 as Infinity, which would be written again as null: a number nobody sent.
  if (MAY_OVERFLOW.test(text))
    refuse(value, isBeyondDouble, 'A number is too large to be kept as it was sent.', 'is beyond what a double can hold');
}

/** What every number beyond a double has, and most texts have not: an exponent above zero, or 309 digits. */
const MAY_OVERFLOW = /\d[eE]\+?\d|(?<!\d)\d{309}/;

type IsWrong = (leaf: unknown) => boolean;

const isBrokenText: IsWrong = (leaf) => typeof leaf === 'string' && (leaf.includes('\0') || !leaf.isWellFormed());
const isBeyondDouble: IsWrong = (leaf) => typeof leaf === 'number' && !Number.isFinite(leaf);

function refuse(value: unknown, isWrong: IsWrong, message: string, detail: string): void {
  const pointer = placeOf(value, isWrong, '#');
  if (pointer !== undefined) throw new Problem(422, 'input_invalid', message, { errors: [{ pointer, detail }] });
}

/** Where the first wrong leaf is; of a wrong name, its object, for a pointer that holds it would be wrong as well. */
function placeOf(value: unknown, isWrong: IsWrong, pointer: string): string | undefined {
  if (typeof value !== 'object' || value === null) return isWrong(value) ? pointer : undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = isWrong(name) ? pointer : placeOf(member, isWrong, `${pointer}/${escapePointer(name)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
