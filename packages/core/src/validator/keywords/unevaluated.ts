/**
 * `unevaluatedProperties` and `unevaluatedItems`: what nothing else in this schema, or applied in place by it, has looked at.
 * So they stand around all other keywords, and judge only a value that is valid so far: what failed has evaluated nothing.
 */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { type Evaluated, merge, nothingEvaluated } from '../engine/evaluated.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { inside, type Place, type SchemaNode } from '../engine/node.ts';
import { keysOf } from '../engine/object-keys.ts';
import { step } from '../engine/path.ts';
import { fail, type Report } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { child, read, type Site } from '../engine/site.ts';

export const unevaluated: KeywordGroup = {
  keywords: {
    unevaluatedItems: { vocabulary: 'unevaluated', from: 2019, holds: 'schemas' },
    unevaluatedProperties: { vocabulary: 'unevaluated', from: 2019, holds: 'schemas' },
  },
  compile: () => [],
  around(site, inner) {
    const properties = guard(site, 'unevaluatedProperties', 'is not a known property');
    const items = guard(site, 'unevaluatedItems', 'is not an expected item');
    return {
      check(value, run, seen) {
        const own = nothingEvaluated();
        if (!inner.check(value, run, own)) return false;
        if (Array.isArray(value)) {
          if (items !== null && !restOf(value, own, run).every((index) => items.node.check(value[index] ?? null, run, null))) return false;
          if (items !== null) own.items = value.length;
        } else if (isJsonObject(value)) {
          if (properties !== null && !restIn(value, own, run).every((name) => properties.node.check(value[name] ?? null, run, null)))
            return false;
          if (properties !== null) own.allProperties = true;
        }
        if (seen !== null) merge(seen, own, run);
        return true;
      },
      explain(value, place, report) {
        const own = nothingEvaluated();
        if (!inner.check(value, report.run, own)) inner.explain(value, place, report);
        else if (Array.isArray(value)) {
          for (const index of restOf(value, own, report.run)) items?.explain(value[index] ?? null, index, place, report);
        } else if (isJsonObject(value)) {
          for (const name of restIn(value, own, report.run)) properties?.explain(value[name] ?? null, name, place, report);
        }
      },
    };
  },
};

interface Guard {
  readonly node: SchemaNode;
  explain(value: Json, token: string | number, place: Place, report: Report): void;
}

/** The schema for the rest; `false`, the usual one, has a sentence of its own. */
function guard(site: Site, keyword: string, unknown: string): Guard | null {
  const schema = read(site, keyword);
  if (schema === undefined) return null;
  const node = child(site, schema, keyword);
  return {
    node,
    explain(value, token, place, report) {
      if (node.check(value, report.run, null)) return;
      if (schema !== false) node.explain(value, inside(place, token, keyword), report);
      else {
        const at = { instance: step(place.instance, token), keyword: place.keyword };
        fail(report, site, at, keyword, { expected: unknown, params: { unknown: token } });
      }
    },
  };
}

function restOf(items: readonly Json[], seen: Evaluated, run: Run): number[] {
  spend(run, items.length);
  return [...items.keys()].filter((index) => index >= seen.items && !seen.contained.has(index));
}

function restIn(object: JsonObject, seen: Evaluated, run: Run): string[] {
  if (seen.allProperties) return [];
  const names = keysOf(object, run);
  spend(run, names.length);
  return names.filter((name) => !seen.properties.has(name));
}
