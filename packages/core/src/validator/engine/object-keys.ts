/**
 * The names of an object's properties. A runtime keeps a small object's names at hand, but gathers and sorts those of a large
 * one anew each time, at 100 ns a name. So a run gathers them once, and whoever asks again pays for what it visits only.
 */
import type { JsonObject } from '../../json.ts';
import { type Run, spend } from './run.ts';

/** Beyond about this many properties V8 keeps an object as a hash table. */
export const LARGE = 500;

/** What gathering one name of a large object costs. */
const COST = 8;

export function keysOf(object: JsonObject, run: Run): readonly string[] {
  const known = run.large?.get(object);
  if (known !== undefined) return known;
  const keys = Object.keys(object);
  if (keys.length > LARGE) remember(object, keys, run);
  return keys;
}

/** To be called by who has visited an object without {@link keysOf}: perhaps it left early, and the object is large. */
export function noteVisit(object: JsonObject, run: Run): void {
  const keys = Object.keys(object);
  if (keys.length > LARGE) remember(object, keys, run);
}

function remember(object: JsonObject, keys: readonly string[], run: Run): void {
  spend(run, COST * keys.length);
  run.large ??= new Map();
  run.large.set(object, keys);
}
