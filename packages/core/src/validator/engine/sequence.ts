/** Checks one after the other, as plain closures in fixed numbers: a loop over two checks costs more than the checks. */
import type { Json } from '../../json.ts';
import type { Check } from './node.ts';

/** The check that everything passes. */
export function always(): boolean {
  return true;
}

/** One check that holds when all do; `null` for none. */
export function sequence<T extends Json>([first, second, third, ...others]: readonly Check<T>[]): Check<T> | null {
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (third === undefined) return (value, run, seen) => first(value, run, seen) && second(value, run, seen);
  const rest = sequence(others);
  if (rest === null) return (value, run, seen) => first(value, run, seen) && second(value, run, seen) && third(value, run, seen);
  return (value, run, seen) => first(value, run, seen) && second(value, run, seen) && third(value, run, seen) && rest(value, run, seen);
}
