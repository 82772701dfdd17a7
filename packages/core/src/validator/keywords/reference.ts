/**
 * `$ref`, and the two references that depend on how they were reached: `$recursiveRef` (2019-09) and `$dynamicRef` (2020-12).
 * Only here can evaluation go on without end, so here the depth is counted.
 */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Destination } from '../engine/compile.ts';
import { along, type Check, type Part, type PartOf } from '../engine/node.ts';
import type { Subschema } from '../engine/resource.ts';
import { Exhausted, MAX_DEPTH, type Run, type Scope, spend } from '../engine/run.ts';
import { readText, type Site } from '../engine/site.ts';

export const reference: KeywordGroup = {
  keywords: {
    $ref: { vocabulary: 'core' },
    $recursiveRef: { vocabulary: 'core', from: 2019, to: 2019 },
    $dynamicRef: { vocabulary: 'core', from: 2020 },
    $defs: { vocabulary: 'core', from: 2019, holds: 'named schemas' },
    definitions: { vocabulary: 'core', holds: 'named schemas' },
  },
  compile(site) {
    const parts: Part[] = [];
    const [ref, recursive, dynamic] = [readText(site, '$ref'), readText(site, '$recursiveRef'), readText(site, '$dynamicRef')];
    if (ref !== undefined) {
      const destination = destinationOf(site, site.compiler.target(ref, site.resource).schema);
      parts.push({ ...follow('$ref', () => destination), check: through(destination) });
    }
    if (recursive !== undefined) parts.push(follow('$recursiveRef', recursion(site, recursive)));
    if (dynamic !== undefined) parts.push(follow('$dynamicRef', dynamism(site, dynamic)));
    return parts;
  },
};

function through({ node, height }: Destination): Check {
  return (value, run, seen) => {
    enter(run, height);
    const ok = node.check(value, run, seen);
    run.depth -= height;
    return ok;
  };
}

function follow(keyword: string, find: (run: Run) => Destination): PartOf<'any'> {
  return {
    kind: 'any',
    check: (value, run, seen) => through(find(run))(value, run, seen),
    explain(value, place, report) {
      const { node, height } = find(report.run);
      enter(report.run, height);
      node.explain(value, along(place, keyword), report);
      report.run.depth -= height;
    },
  };
}

function enter(run: Run, height: number): void {
  if ((run.depth += height) > MAX_DEPTH) throw new Exhausted('depth');
  spend(run, 1);
}

function destinationOf(site: Site, target: Subschema | boolean): Destination {
  const { compiler, resource, subschema } = site;
  if (typeof target === 'boolean') return { node: compiler.later(target), height: 1 };
  compiler.linkTo(subschema, target);
  return { node: compiler.enter(compiler.later(target), resource, target.resource), height: target.height };
}

/** `$recursiveRef: "#"`: the outermost resource on the way here whose root has `$recursiveAnchor: true`, if this one's has. */
function recursion(site: Site, ref: string): (run: Run) => Destination {
  const target = site.compiler.target(ref, site.resource).schema;
  const fixed = destinationOf(site, target);
  if (typeof target === 'boolean' || target.schema['$recursiveAnchor'] !== true) return () => fixed;
  return outermost(site, fixed, null);
}

/** `$dynamicRef: "#name"`: the outermost resource on the way here that has the `$dynamicAnchor`, if the first one has. */
function dynamism(site: Site, ref: string): (run: Run) => Destination {
  const { schema, anchor } = site.compiler.target(ref, site.resource);
  const fixed = destinationOf(site, schema);
  if (anchor === undefined || typeof schema === 'boolean' || schema.schema['$dynamicAnchor'] !== anchor) return () => fixed;
  return outermost(site, fixed, anchor);
}

function outermost({ compiler }: Site, fixed: Destination, anchor: string | null): (run: Run) => Destination {
  const anchored = compiler.anchored(anchor);
  return (run) => {
    let found = fixed;
    for (let scope: Scope = run.scope; scope !== null; scope = scope.up) {
      spend(run, 1);
      found = anchored.get(scope.resource) ?? found;
    }
    return found;
  };
}
