/** What is checked before anything recurses into a value, and of schemas before they are read at all. */
import type { Json } from '../json.ts';

/** Arrays and objects inside each other: what every recursion over a value can bear, ours and that of `JSON.stringify`. */
export const MAX_JSON_DEPTH = 64;

/** Members of a value; a task of 1 MiB has fewer. */
const MAX_MEMBERS = 1_048_576;

/**
 * Says whether a value nests arrays and objects deeper than `max`. Without recursion, and also for a value made in code that
 * holds itself: more members than a task can have are never looked at.
 */
export function isDeeperThan(value: Json, max: number): boolean {
  let level: Json[] = [value];
  let members = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const below: Json[] = [];
    for (const each of level) {
      if (each === null || typeof each !== 'object') continue;
      if (depth === max) return true;
      for (const member of Object.values(each)) if (member !== null && typeof member === 'object') below.push(member);
      if ((members += 1) > MAX_MEMBERS) return true;
    }
    level = below;
  }
  return false;
}

/** Bytes of a text in UTF-8, exact as long as they are not more than `enough`. */
export function utf8Bytes(text: string, enough = Infinity): number {
  if (text.length * 3 <= enough && enough !== Infinity) return text.length;
  let bytes = 0;
  for (let index = 0; index < text.length && bytes <= enough; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is four bytes, two for each half.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
