/**
 * `properties`, `patternProperties`, `additionalProperties` and `required`: one group, because the third means "whatever the
 * first two did not name" and because one loop over the declared names serves three of them in the usual case.
 */
import type { JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Matcher } from '../engine/compile.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { type Check, type Explain, inside, type SchemaNode } from '../engine/node.ts';
import { keysOf, LARGE, noteVisit } from '../engine/object-keys.ts';
import { step } from '../engine/path.ts';
import { fail } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { always } from '../engine/sequence.ts';
import { child, read, readEntries, readNames, type Site } from '../engine/site.ts';

interface Shape {
  readonly declared: ReadonlyMap<string, SchemaNode>;
  readonly patterns: readonly { readonly source: string; readonly matcher: Matcher; readonly node: SchemaNode }[];
  readonly additional: SchemaNode | null;
  /** `additionalProperties: false`. */
  readonly closed: boolean;
  readonly required: readonly string[];
}

export const properties: KeywordGroup = {
  keywords: {
    properties: { vocabulary: 'applicator', holds: 'named schemas' },
    patternProperties: { vocabulary: 'applicator', holds: 'named schemas' },
    additionalProperties: { vocabulary: 'applicator', holds: 'schemas' },
    required: { vocabulary: 'validation' },
  },
  compile(site) {
    const additional = read(site, 'additionalProperties');
    const shape: Shape = {
      declared: new Map(readEntries(site, 'properties').map(([name, schema]) => [name, child(site, schema, 'properties', name)])),
      patterns: readEntries(site, 'patternProperties').map(([source, schema]) => ({
        source,
        matcher: site.compiler.pattern(source, site, 'patternProperties', source),
        node: child(site, schema, 'patternProperties', source),
      })),
      additional: additional === undefined ? null : child(site, additional, 'additionalProperties'),
      closed: additional === false,
      required: readNames(site, 'required'),
    };
    const simple = shape.patterns.length === 0 && !site.compiler.library.tracksEvaluation;
    const check = simple ? checkDeclared(shape) : checkAll(shape);
    return [{ kind: 'object', check, typed: { object: check }, looks: true, explain: explain(site, shape) }];
  },
};

/** One property of a schema, in the loop that judges an object. */
interface Slot {
  readonly name: string;
  readonly index: number;
  readonly check: Check;
  readonly required: boolean;
}

/**
 * The usual object: no patterns, and nobody wants to know what was evaluated. Most documents write their properties in the
 * order of the schema, so the next one is looked for there first.
 */
function checkDeclared(shape: Shape): Check {
  const { declared, additional, required } = shape;
  const must = new Set(required);
  const rest = additional?.check ?? null;
  const slots: Slot[] = [...new Set([...declared.keys(), ...must])].map((name, index) => ({
    name,
    index,
    check: declared.get(name)?.check ?? rest ?? always,
    required: must.has(name),
  }));
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  const checkLarge = checkAll(shape);
  return (object, run) => {
    if (!isJsonObject(object)) return false;
    if (run.large !== null && run.large.has(object)) return checkLarge(object, run, null);
    let next = 0;
    let visited = 0;
    let missing = must.size;
    for (const name in object) {
      spend(run, 1);
      visited += 1;
      let slot = slots[next];
      if (slot === undefined || slot.name !== name) {
        slot = byName.get(name);
        if (slot === undefined) {
          if (rest !== null && !rest(object[name] ?? null, run, null)) {
            noteVisit(object, run);
            return false;
          }
          continue;
        }
      }
      next = slot.index + 1;
      if (slot.required) missing -= 1;
      if (!slot.check(object[name] ?? null, run, null)) {
        noteVisit(object, run);
        return false;
      }
    }
    if (visited > LARGE) noteVisit(object, run);
    return missing === 0;
  };
}

/** Every object: a loop over the properties it has. */
function checkAll({ declared, patterns, additional, required }: Shape): Check {
  return (object, run, seen) => {
    if (!isJsonObject(object)) return false;
    spend(run, required.length);
    for (const name of required) if (!Object.hasOwn(object, name)) return false;
    for (const name of keysOf(object, run)) {
      spend(run, 1 + patterns.length);
      const value = object[name] ?? null;
      const node = declared.get(name);
      let matched = node !== undefined;
      if (node !== undefined && !node.check(value, run, null)) return false;
      for (const { matcher, node } of patterns) {
        if (!matches(matcher, name, run)) continue;
        matched = true;
        if (!node.check(value, run, null)) return false;
      }
      if (!matched && additional !== null) {
        if (!additional.check(value, run, null)) return false;
        matched = true;
      }
      if (matched && seen !== null) {
        spend(run, 3);
        seen.properties.add(name);
      }
    }
    return true;
  };
}

function matches(matcher: Matcher, name: string, run: Run): boolean {
  spend(run, matcher.cost(name.length));
  return matcher.test(name);
}

function explain(site: Site, { declared, patterns, additional, closed, required }: Shape): Explain<JsonObject> {
  return (object, place, report) => {
    const { run } = report;
    spend(run, required.length);
    for (const name of required) {
      if (Object.hasOwn(object, name)) continue;
      fail(report, site, place, 'required', { expected: `must have the property ${JSON.stringify(name)}`, params: { missing: name } });
    }
    for (const name of keysOf(object, run)) {
      spend(run, 3 + patterns.length);
      const value = object[name] ?? null;
      const node = declared.get(name);
      let rest = node === undefined ? additional : null;
      if (node !== undefined && !node.check(value, run, null)) node.explain(value, inside(place, name, 'properties', name), report);
      for (const { source, matcher, node } of patterns) {
        if (!matches(matcher, name, run)) continue;
        rest = null;
        if (!node.check(value, run, null)) node.explain(value, inside(place, name, 'patternProperties', source), report);
      }
      if (rest === null || rest.check(value, run, null)) continue;
      if (!closed) rest.explain(value, inside(place, name, 'additionalProperties'), report);
      else {
        const at = { instance: step(place.instance, name), keyword: place.keyword };
        fail(report, site, at, 'additionalProperties', { expected: 'is not a known property', params: { unknown: name } });
      }
    }
  };
}
