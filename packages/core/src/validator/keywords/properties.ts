/**
 * `properties`, `patternProperties`, `additionalProperties` and `required`: one group, because the third means "whatever the
 * first two did not name" and because one loop over the declared names serves three of them in the usual case.
 */
import type { JsonObject } from '../../json.ts';
import type { Matcher } from '../engine/compile.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { type Check, type Explain, type Part, type Place, type SchemaNode } from '../engine/node.ts';
import { step } from '../engine/path.ts';
import { fail, failBelow, type Report } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { child, read, readEntries, readNames, type Site } from '../engine/site.ts';
import { sizeOf } from './size.ts';

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
        matcher: site.compiler.pattern(source, site, 'patternProperties'),
        node: child(site, schema, 'patternProperties', source),
      })),
      additional: additional === undefined ? null : child(site, additional, 'additionalProperties'),
      closed: additional === false,
      required: readNames(site, 'required'),
    };
    const simple = shape.patterns.length === 0 && (shape.additional === null || shape.closed) && !site.compiler.library.tracksEvaluation;
    const part: Part = { kind: 'object', check: simple ? checkDeclared(shape) : checkAll(shape), explain: explain(site, shape) };
    return [part];
  },
};

/** One property of a schema, in the loop that judges an object. */
interface Slot {
  readonly name: string;
  readonly check: Check;
  readonly required: boolean;
}

/** The usual object: every property has a name in the schema, or does not matter, or is not allowed. */
function checkDeclared({ declared, closed, required }: Shape): Check<JsonObject> {
  const must = new Set(required);
  const names = new Set([...declared.keys(), ...(closed ? [] : required)]);
  const slots: Slot[] = [...names].map((name) => ({ name, check: declared.get(name)?.check ?? always, required: must.has(name) }));
  const undeclared = closed && required.some((name) => !declared.has(name));
  // A plain read finds what `Object.prototype` has, so names that it has are asked for with care.
  const inherited = slots.some(({ name }) => name in Object.prototype);
  return (object, run) => {
    spend(run, slots.length);
    if (undeclared) return false;
    let present = 0;
    for (const { name, check, required } of slots) {
      const value = inherited && !Object.hasOwn(object, name) ? undefined : object[name];
      if (value === undefined) {
        if (required) return false;
      } else {
        present += 1;
        if (!check(value, run, null)) return false;
      }
    }
    return !closed || present === sizeOf(object);
  };
}

function always(): boolean {
  return true;
}

/** Every object: a loop over the properties it has. */
function checkAll({ declared, patterns, additional, required }: Shape): Check<JsonObject> {
  return (object, run, seen) => {
    spend(run, required.length);
    for (const name of required) if (!Object.hasOwn(object, name)) return false;
    const names = Object.keys(object);
    spend(run, names.length * (1 + patterns.length));
    for (const name of names) {
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
      if (matched && seen !== null) seen.properties.add(name);
    }
    return true;
  };
}

function matches(matcher: Matcher, name: string, run: Run): boolean {
  spend(run, matcher.cost(name.length));
  return matcher.test(name);
}

function explain(site: Site, { declared, patterns, additional, closed, required }: Shape): Explain<JsonObject> {
  return (object, place, run, report) => {
    spend(run, required.length);
    for (const name of required) {
      if (!Object.hasOwn(object, name))
        fail(report, run, site, place, 'required', [`must have the property ${JSON.stringify(name)}`, { missing: name }]);
    }
    const names = Object.keys(object);
    spend(run, names.length * (1 + patterns.length));
    const [inDeclared, inPatterns, inAdditional]: [Report, Report, Report] = [[], [], []];
    for (const name of names) {
      const value = object[name] ?? null;
      const at = (keyword: string, ...tokens: readonly string[]): Place => ({
        instance: step(place.instance, name),
        keyword: step(place.keyword, keyword, ...tokens),
      });
      const node = declared.get(name);
      node?.explain(value, at('properties', name), run, inDeclared);
      const matching = patterns.filter(({ matcher }) => matches(matcher, name, run));
      for (const { source, node } of matching) node.explain(value, at('patternProperties', source), run, inPatterns);
      if (node !== undefined || matching.length > 0 || additional === null) continue;
      const unknown: Place = { instance: step(place.instance, name), keyword: place.keyword };
      if (closed) fail(inAdditional, run, site, unknown, 'additionalProperties', ['is not a known property', { unknown: name }]);
      else additional.explain(value, at('additionalProperties'), run, inAdditional);
    }
    failBelow(report, site, place, 'properties', inDeclared);
    failBelow(report, site, place, 'patternProperties', inPatterns);
    if (closed) report.push(...inAdditional);
    else failBelow(report, site, place, 'additionalProperties', inAdditional);
  };
}
