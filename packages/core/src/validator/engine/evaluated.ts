/** What of one array or object has been evaluated so far: the annotations that `unevaluatedItems` and `unevaluatedProperties` read. */
import { type Run, spend } from './run.ts';

export interface Evaluated {
  /** All properties are evaluated. */
  allProperties: boolean;
  readonly properties: Set<string>;
  /** Items before this index are evaluated. */
  items: number;
  /** Single items that `contains` evaluated. */
  readonly contained: Set<number>;
}

export function nothingEvaluated(): Evaluated {
  return { allProperties: false, properties: new Set(), items: 0, contained: new Set() };
}

/** Adds what a branch that held has evaluated. */
export function merge(into: Evaluated, from: Evaluated, run: Run): void {
  spend(run, 3 * (from.properties.size + from.contained.size));
  if (from.allProperties) into.allProperties = true;
  if (from.items > into.items) into.items = from.items;
  for (const name of from.properties) into.properties.add(name);
  for (const index of from.contained) into.contained.add(index);
}
