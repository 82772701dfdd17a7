/**
 * What is checked before anything else touches a document: its bytes before it is parsed, and its depth before anything
 * recurses into it. `JSON.parse` itself takes any depth; `JSON.stringify`, a validator and a copy do not.
 */
import type { Json } from '../json.ts';
import type { ValidationError } from './validator.ts';

/** Bytes of a task, all of it. */
export const MAX_TASK_BYTES = 1024 * 1024;

/** Arrays and objects inside each other. */
export const MAX_JSON_DEPTH = 64;

export type Parsed = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: ValidationError };

/** Parses a JSON text that is within the limits; the error says which one it breaks. */
export function parseJson(text: string, maxBytes = MAX_TASK_BYTES, maxDepth = MAX_JSON_DEPTH): Parsed {
  const bytes = utf8Bytes(text, maxBytes);
  if (bytes > maxBytes) return refused(`must have at most ${maxBytes} bytes`);
  if (textDepth(text) > maxDepth) return refused(`must not be nested more than ${maxDepth} levels deep`);
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return refused(`is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}`);
  }
}

function refused(detail: string): Parsed {
  return { ok: false, error: { pointer: '', detail } };
}

/**
 * Says whether a value nests arrays and objects deeper than `max`. Without recursion, and also for a value made in code that
 * holds itself: more members than a task has bytes are never looked at.
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
      if ((members += 1) > MAX_TASK_BYTES) return true;
    }
    level = below;
  }
  return false;
}

/** The deepest nesting of brackets outside strings: for a JSON text, its depth. */
function textDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === BACKSLASH) index += 1;
      else if (unit === QUOTE) inString = false;
    } else if (unit === QUOTE) inString = true;
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [34, 92, 123, 125, 91, 93];

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
