/** How long a value's JSON is, estimated without writing it out. */
import type { Json } from './json.ts';

/** Says whether a value's JSON has about `characters` or more. It counts no escapes, and stops as soon as it knows. */
export function isLongerThan(value: Json, characters: number): boolean {
  return measure(value, characters) < 0;
}

/** What is left of `characters` after the value; below zero when it does not fit. */
function measure(value: Json, characters: number): number {
  if (typeof value === 'string') return characters - value.length - 2;
  if (typeof value !== 'object' || value === null) return characters - 4;
  let left = characters - 2;
  for (const name in value) {
    if (left < 0) return left;
    if (Object.hasOwn(value, name)) left = measure((value as Readonly<Record<string, Json>>)[name] ?? null, left - name.length - 4);
  }
  return left;
}
