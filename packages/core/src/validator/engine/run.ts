/**
 * What one validation may spend. Every loop over a value or a schema pays its length before it runs, so the time of a
 * validation is bounded by {@link MAX_WORK} whatever the schema and the value are.
 */
import type { JsonObject } from '../../json.ts';
import type { Resource } from './resource.ts';

/** Units of work: a reference followed, an item or a key visited, some characters matched. About 20 ns each. */
export const MAX_WORK = 1_500_000;

/** What an explanation may spend: its steps are dearer, and it comes on top. */
export const MAX_EXPLANATION = 900_000;

/** Schemas nested in each other at once, across references: what the smallest stack of our runtimes holds with room to spare. */
export const MAX_DEPTH = 1_000;

/** Failures one explanation keeps. */
export const MAX_FAILURES = 100;

/** The resources entered on the way, innermost first: what `$dynamicRef` and `$recursiveRef` look through. */
export type Scope = { readonly resource: Resource; readonly up: Scope } | null;

export interface Run {
  work: number;
  depth: number;
  scope: Scope;
  /** How many more failures may be kept. */
  room: number;
  /** Characters that defaults have added. */
  added: number;
  /** The names of the large objects met so far, see `object-keys.ts`. */
  large: Map<JsonObject, readonly string[]> | null;
}

const REASONS = {
  work: 'takes too much work to validate',
  depth: 'is nested too deep to validate',
  end: 'has no end once its defaults are filled in',
  size: 'grows too large with its defaults filled in',
};

/** Thrown out of a validation that spent what it had; caught where the validation began. */
export class Exhausted extends Error {
  constructor(what: keyof typeof REASONS) {
    super(REASONS[what]);
  }
}

export function newRun(scope: Scope): Run {
  return { work: MAX_WORK, depth: 0, scope, room: MAX_FAILURES, added: 0, large: null };
}

/** Pays for work about to be done. */
export function spend(run: Run, units: number): void {
  if ((run.work -= units) < 0) throw new Exhausted('work');
}
