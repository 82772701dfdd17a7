/**
 * Puts the parts of one schema together: those for every kind of value first, then those for the kind at hand.
 * Plain closures in fixed numbers, for a loop over two checks costs more than the checks.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Check, Explain, Kind, Kinds, Part, PartOf, SchemaNode } from './node.ts';

export function compose(parts: readonly Part[]): SchemaNode {
  return { check: checkOf(parts), explain: explainOf(parts) };
}

function checkOf(parts: readonly Part[]): Check {
  const any = sequence(checks(parts, 'any'));
  const string = sequence(checks(parts, 'string'));
  const number = sequence(checks(parts, 'number'));
  const array = sequence(checks(parts, 'array'));
  const object = sequence(checks(parts, 'object'));
  if (any !== null && string === null && number === null && array === null && object === null) return any;
  const [first, ...others] = parts.filter((part) => part.kind === 'any');
  // The usual schema: one `type`, and keywords of that type only.
  if (first?.kind === 'any' && others.length === 0) {
    if (first.only === 'object' && object !== null) return (value, run, seen) => isJsonObject(value) && object(value, run, seen);
    if (first.only === 'string' && string !== null) return (value, run, seen) => typeof value === 'string' && string(value, run, seen);
    if (first.only === 'number' && number !== null) return (value, run, seen) => typeof value === 'number' && number(value, run, seen);
    if (first.only === 'integer' && number !== null)
      return (value, run, seen) => typeof value === 'number' && Number.isInteger(value) && number(value, run, seen);
    if (first.only === 'array' && array !== null) return (value, run, seen) => Array.isArray(value) && array(value, run, seen);
  }
  const byKind: Check = (value, run, seen) => {
    switch (typeof value) {
      case 'string':
        return string === null || string(value, run, seen);
      case 'number':
        return number === null || number(value, run, seen);
      case 'object':
        if (value === null) return true;
        if (Array.isArray(value)) return array === null || array(value, run, seen);
        return object === null || !isJsonObject(value) || object(value, run, seen);
      default:
        return true;
    }
  };
  return any === null ? byKind : (value, run, seen) => any(value, run, seen) && byKind(value, run, seen);
}

function explainOf(parts: readonly Part[]): Explain {
  return (value, place, run, report) => {
    const before = report.length;
    let wrongType = false;
    for (const part of parts) {
      if (wrongType && part.kind === 'any' && part.quietAfterType === true) continue;
      explainPart(part, value, place, run, report);
      if (part.kind === 'any' && part.only !== undefined) wrongType = report.length > before;
    }
  };
}

const explainPart = (part: Part, ...[value, place, run, report]: Parameters<Explain>): void => {
  if (part.kind === 'any') part.explain(value, place, run, report);
  else if (part.kind === 'string' && typeof value === 'string') part.explain(value, place, run, report);
  else if (part.kind === 'number' && typeof value === 'number') part.explain(value, place, run, report);
  else if (part.kind === 'array' && Array.isArray(value)) part.explain(value, place, run, report);
  else if (part.kind === 'object' && isJsonObject(value)) part.explain(value, place, run, report);
};

function checks<K extends Kind>(parts: readonly Part[], kind: K): Check<Kinds[K]>[] {
  return parts.filter((part): part is Part & PartOf<K> => part.kind === kind).map((part) => part.check);
}

/** One check that holds when all do; `null` for none. */
function sequence<T extends Json>([first, second, third, ...others]: readonly Check<T>[]): Check<T> | null {
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (third === undefined) return (value, run, seen) => first(value, run, seen) && second(value, run, seen);
  const rest = sequence(others);
  if (rest === null) return (value, run, seen) => first(value, run, seen) && second(value, run, seen) && third(value, run, seen);
  return (value, run, seen) => first(value, run, seen) && second(value, run, seen) && third(value, run, seen) && rest(value, run, seen);
}
