/** How values appear in messages: short, on one line, and never a whole document. */
import type { Json } from '../../json.ts';

const MAX_TEXT = 60;
const MAX_CHOICES = 8;

export function show(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `an array of ${count(value.length, 'item')}`;
  return `an object with ${count(Object.keys(value).length, 'property', 'properties')}`;
}

/** A value that a schema names: written out, for it is what the reader needs. */
export function showExpected(value: Json): string {
  if (value === null || typeof value !== 'object') return show(value);
  const text = JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

export function showList(values: readonly Json[]): string {
  const shown = values.slice(0, MAX_CHOICES).map(showExpected).join(', ');
  return values.length > MAX_CHOICES ? `${shown}, … (${values.length} in all)` : shown;
}

/** `1 item`, `2 items`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** `a string`, `an array`, `null`. */
export function nameOfType(name: Json): string {
  if (name === 'null') return name;
  return /^[aio]/.test(String(name)) ? `an ${String(name)}` : `a ${String(name)}`;
}
