/** Items of an array by position and the rest: `prefixItems` and `items`, which older drafts call `items` and `additionalItems`. */
import type { Json } from '../../json.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { type Check, type Explain, inside, type SchemaNode } from '../engine/node.ts';
import { fail } from '../engine/report.ts';
import { spend } from '../engine/run.ts';
import { count } from '../engine/show.ts';
import { child, read, readList, type Site } from '../engine/site.ts';

type Items = readonly Json[];

interface Layout {
  readonly prefix: readonly SchemaNode[];
  readonly prefixKeyword: string;
  readonly rest: SchemaNode | null;
  readonly restKeyword: string;
  /** Nothing may follow the prefix. */
  readonly closed: boolean;
}

export const items: KeywordGroup = {
  keywords: {
    prefixItems: { vocabulary: 'applicator', from: 2020, holds: 'schemas' },
    items: { vocabulary: 'applicator', holds: 'schemas' },
    additionalItems: { vocabulary: 'applicator', to: 2019, holds: 'schemas' },
  },
  compile(site) {
    const layout = layoutOf(site);
    const judge = check(layout);
    return [
      {
        kind: 'array',
        check: judge,
        typed: { array: judge },
        looks: true,
        explain: explain(site, layout),
      },
    ];
  },
};

function layoutOf(site: Site): Layout {
  const prefixKeyword = site.draft < 2020 ? 'items' : 'prefixItems';
  const schemas = readList(site, prefixKeyword);
  const restKeyword = site.draft < 2020 && schemas !== undefined ? 'additionalItems' : 'items';
  const rest = read(site, restKeyword);
  return {
    prefix: (schemas ?? []).map((schema, index) => child(site, schema, prefixKeyword, index)),
    prefixKeyword,
    rest: rest === undefined ? null : child(site, rest, restKeyword),
    restKeyword,
    closed: rest === false,
  };
}

function check({ prefix, rest }: Layout): Check {
  const judge = rest?.check;
  const first = prefix.length;
  return (items, run, seen) => {
    if (!isArray(items)) return false;
    const positioned = Math.min(first, items.length);
    for (let index = 0; index < positioned; index += 1) {
      spend(run, 1);
      if (prefix[index]?.check(items[index] ?? null, run, null) === false) return false;
    }
    if (judge !== undefined) {
      for (let index = first; index < items.length; index += 1) {
        spend(run, 1);
        if (!judge(items[index] ?? null, run, null)) return false;
      }
    }
    if (seen !== null) seen.items = Math.max(seen.items, judge === undefined ? positioned : items.length);
    return true;
  };
}

function isArray(value: Json): value is Items {
  return Array.isArray(value);
}

function explain(site: Site, { prefix, prefixKeyword, rest, restKeyword, closed }: Layout): Explain<Items> {
  return (items, place, report) => {
    const { run } = report;
    for (const [index, item] of items.entries()) {
      spend(run, 1);
      const node = prefix[index] ?? rest;
      if (node === null || node.check(item, run, null)) continue;
      if (index < prefix.length) node.explain(item, inside(place, index, prefixKeyword, index), report);
      else if (!closed) node.explain(item, inside(place, index, restKeyword), report);
      else {
        const expected = `must have at most ${count(prefix.length, 'item')}`;
        fail(report, site, place, restKeyword, { expected, got: String(items.length), params: { limit: prefix.length } });
        break;
      }
      if (run.room <= 0) break;
    }
  };
}
