/**
 * Equality of JSON values by a canonical text, so that a set finds an equal value among 50,000 in one look.
 * `1` and `1.0` are one number, and the order of keys means nothing.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { keysOf } from './object-keys.ts';
import { Exhausted, type Run, spend } from './run.ts';

/** The deepest value compared; deeper ones were refused at the edge. */
const MAX_NESTING = 128;

/** What equal values share and different ones do not: the primitive itself, or a text that no string value is taken for. */
export type Key = null | boolean | number | string;

export function keyOf(value: Json, run: Run): Key {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? `"${value}` : value;
  return canonical(value, run, 0);
}

function canonical(value: Json, run: Run, nesting: number): string {
  if (typeof value === 'string') {
    spend(run, 1 + (value.length >> 4));
    return lengthFirst(value);
  }
  // `-0` and `0` are equal, and `String` writes both alike.
  if (value === null || typeof value !== 'object') return String(value);
  if (nesting > MAX_NESTING) throw new Exhausted('depth');
  let text = '';
  if (!isJsonObject(value)) {
    spend(run, 4 + 2 * value.length);
    for (const item of value) text += `${canonical(item, run, nesting + 1)},`;
    return `[${text}]`;
  }
  const names = keysOf(value, run);
  spend(run, 4 + 8 * names.length);
  for (const name of names.length > 1 ? [...names].sort() : names)
    text += `${lengthFirst(name)}${canonical(value[name] ?? null, run, nesting + 1)},`;
  return `{${text}}`;
}

/** A text that cannot be taken for part of another, whatever it holds. */
function lengthFirst(text: string): string {
  return `${text.length}"${text}`;
}
