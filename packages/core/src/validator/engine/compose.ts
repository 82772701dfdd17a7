/**
 * Puts the parts of one schema together: those for every kind of value first, then those for the kind at hand.
 * Plain closures in fixed numbers, for a loop over two checks costs more than the checks.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Check, Explain, Kind, Kinds, Part, PartOf, Place, SchemaNode } from './node.ts';
import { gather, type Origin, type Report } from './report.ts';
import { always, sequence } from './sequence.ts';

export function compose(parts: readonly Part[], origin: Origin): SchemaNode {
  return { check: checkOf(parts), explain: explainOf(parts, origin) };
}

function checkOf(parts: readonly Part[]): Check {
  const type = parts.find((part) => part.kind === 'any');
  // The usual schema: one `type`, and keywords of that type only.
  if (type?.kind === 'any' && type.only !== undefined) {
    const [first, ...others] = parts.filter((part) => part !== type);
    const typed = first?.typed?.[type.only];
    if (typed !== undefined && others.length === 0) return typed;
    if (first === undefined) return type.check;
  }
  const any = sequence(checks(parts, 'any'));
  const byKind = dispatch(parts);
  if (any === null) return byKind ?? always;
  return byKind === null ? any : (value, run, seen) => any(value, run, seen) && byKind(value, run, seen);
}

/** The checks for the kind that a value has. */
function dispatch(parts: readonly Part[]): Check | null {
  const string = sequence(checks(parts, 'string'));
  const number = sequence(checks(parts, 'number'));
  const array = sequence(checks(parts, 'array'));
  const object = sequence(checks(parts, 'object'));
  if (string === null && number === null && array === null) {
    return object === null ? null : (value, run, seen) => !isJsonObject(value) || object(value, run, seen);
  }
  return (value, run, seen) => {
    switch (typeof value) {
      case 'string':
        return string === null || string(value, run, seen);
      case 'number':
        return number === null || number(value, run, seen);
      case 'object':
        if (value === null) return true;
        if (!isJsonObject(value)) return array === null || array(value, run, seen);
        return object === null || object(value, run, seen);
      default:
        return true;
    }
  };
}

function explainOf(parts: readonly Part[], origin: Origin): Explain {
  return (value, place, report) => {
    const first = report.failures.length;
    let wrongType = false;
    for (const part of parts) {
      if (wrongType && part.quietAfterType === true) continue;
      if (!explainPart(part, value, place, report) && part.only !== undefined) wrongType = true;
    }
    gather(report, origin, place, first);
  };
}

/** Explains a part that does not hold; says whether it does. */
function explainPart(part: Part, value: Json, place: Place, report: Report): boolean {
  if (part.kind === 'any') return explainIf(part, value, place, report);
  if (part.kind === 'string') return typeof value !== 'string' || explainIf(part, value, place, report);
  if (part.kind === 'number') return typeof value !== 'number' || explainIf(part, value, place, report);
  if (part.kind === 'array') return !Array.isArray(value) || explainIf(part, value, place, report);
  return !isJsonObject(value) || explainIf(part, value, place, report);
}

function explainIf<T extends Json>(part: PartFor<T>, value: T, place: Place, report: Report): boolean {
  const ok = part.looks !== true && part.check(value, report.run, null);
  if (!ok) part.explain(value, place, report);
  return ok;
}

type PartFor<T extends Json> = { readonly check: Check<T>; readonly explain: Explain<T>; readonly looks?: boolean };

function checks<K extends Kind>(parts: readonly Part[], kind: K): Check<Kinds[K]>[] {
  return parts.filter((part): part is Part & PartOf<K> => part.kind === kind).map((part) => part.check);
}
