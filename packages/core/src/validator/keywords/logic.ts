/** Schemas joined by logic: `allOf`, `anyOf`, `oneOf`, `not`. */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { type Evaluated, merge, nothingEvaluated } from '../engine/evaluated.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { along, type Check, type Part, type Place, type SchemaNode } from '../engine/node.ts';
import { type Branch, fail, type Failure } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { count } from '../engine/show.ts';
import { inPlace, read, readList, type Site } from '../engine/site.ts';

/** Branches whose failures are kept, and failures kept of each: enough to see which came closest. */
const MAX_BRANCHES = 16;
const MAX_FAILURES_A_BRANCH = 8;

export const logic: KeywordGroup = {
  keywords: {
    allOf: { vocabulary: 'applicator', holds: 'schemas' },
    anyOf: { vocabulary: 'applicator', holds: 'schemas' },
    oneOf: { vocabulary: 'applicator', holds: 'schemas' },
    not: { vocabulary: 'applicator', holds: 'schemas' },
  },
  compile(site) {
    const nodes = (keyword: string): SchemaNode[] =>
      (readList(site, keyword) ?? []).map((schema, index) => inPlace(site, schema, keyword, index));
    const [all, any, one] = [nodes('allOf'), nodes('anyOf'), nodes('oneOf')];
    const not = read(site, 'not');
    return [
      ...(all.length > 0 ? [allOf(all)] : []),
      ...(any.length > 0 ? [anyOf(site, any)] : []),
      ...(one.length > 0 ? [exactlyOne(site, one)] : []),
      ...(not === undefined ? [] : [negation(site, inPlace(site, not, 'not'))]),
    ];
  },
};

function allOf(nodes: readonly SchemaNode[]): Part {
  return {
    kind: 'any',
    check(value, run, seen) {
      spend(run, nodes.length);
      for (const node of nodes) if (!node.check(value, run, seen)) return false;
      return true;
    },
    looks: true,
    explain(value, place, report) {
      for (const [index, node] of nodes.entries())
        if (!node.check(value, report.run, null)) node.explain(value, along(place, 'allOf', index), report);
    },
  };
}

function anyOf(site: Site, nodes: readonly SchemaNode[]): Part {
  const check: Check = (value, run, seen) => {
    spend(run, nodes.length);
    if (seen === null) {
      for (const node of nodes) if (node.check(value, run, null)) return true;
      return false;
    }
    // Every branch that holds has evaluated something.
    let held = false;
    for (const node of nodes) held = holds(node, value, run, seen) || held;
    return held;
  };
  return {
    kind: 'any',
    check,
    explain(value, place, report) {
      const finding = {
        expected: `must match at least one of ${count(nodes.length, 'alternative')}`,
        params: { alternatives: nodes.length },
      };
      fail(report, site, place, 'anyOf', finding, explainBranches(site, nodes, value, place, 'anyOf', report.run));
    },
  };
}

function exactlyOne(site: Site, nodes: readonly SchemaNode[]): Part {
  const matching = (value: Json, run: Run): number[] => [...nodes.keys()].filter((index) => nodes[index]?.check(value, run, null));
  return {
    kind: 'any',
    check(value, run, seen) {
      spend(run, nodes.length);
      let held = 0;
      let winner: Evaluated | null = null;
      for (const node of nodes) {
        const own = seen === null ? null : nothingEvaluated();
        if (!node.check(value, run, own)) continue;
        held += 1;
        if (held > 1) return false;
        winner = own;
      }
      if (held === 1 && seen !== null && winner !== null) merge(seen, winner, run);
      return held === 1;
    },
    explain(value, place, report) {
      spend(report.run, nodes.length);
      const held = matching(value, report.run);
      const expected = `must match exactly one of ${count(nodes.length, 'alternative')}`;
      const got = held.length === 0 ? {} : { got: `a match of numbers ${held.map((index) => index + 1).join(' and ')}` };
      const branches = held.length === 0 ? explainBranches(site, nodes, value, place, 'oneOf', report.run) : [];
      fail(report, site, place, 'oneOf', { expected, ...got, params: { alternatives: nodes.length, matching: held } }, branches);
    },
  };
}

function negation(site: Site, node: SchemaNode): Part {
  return {
    kind: 'any',
    check(value, run) {
      spend(run, 1);
      return !node.check(value, run, null);
    },
    explain: (_value, place, report) => fail(report, site, place, 'not', { expected: notDetail(read(site, 'not') ?? true), params: {} }),
  };
}

/** Says whether a branch holds, and keeps what it evaluated only then. */
export function holds(node: SchemaNode, value: Json, run: Run, seen: Evaluated): boolean {
  const own = nothingEvaluated();
  const held = node.check(value, run, own);
  if (held) merge(seen, own, run);
  return held;
}

function explainBranches(site: Site, nodes: readonly SchemaNode[], value: Json, place: Place, keyword: string, run: Run): Branch[] {
  const { room } = run;
  const schemas = readList(site, keyword) ?? [];
  const branches = nodes.slice(0, MAX_BRANCHES).map((node, index) => {
    run.room = Math.min(room, MAX_FAILURES_A_BRANCH);
    const at = along(place, keyword, index);
    const failures: Failure[] = [];
    node.explain(value, at, { run, failures });
    const schema = schemas[index];
    const title = isJsonObject(schema) && typeof schema['title'] === 'string' ? schema['title'] : null;
    return { title, via: at.keyword, failures };
  });
  run.room = room;
  return branches;
}

function notDetail(schema: Json): string {
  const text = JSON.stringify(schema);
  return text.length <= 80 ? `must not match ${text}` : 'must not match the schema of "not"';
}
