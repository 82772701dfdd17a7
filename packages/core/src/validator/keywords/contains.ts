/** `contains`, with `minContains` and `maxContains`: how many items a schema holds for. */
import type { Json } from '../../json.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { fail } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { count as counted } from '../engine/show.ts';
import { child, read, readNumber } from '../engine/site.ts';

export const contains: KeywordGroup = {
  keywords: {
    contains: { vocabulary: 'applicator', from: 6, holds: 'schemas' },
    minContains: { vocabulary: 'validation', from: 2019 },
    maxContains: { vocabulary: 'validation', from: 2019 },
  },
  compile(site) {
    const schema = read(site, 'contains');
    if (schema === undefined) return [];
    const node = child(site, schema, 'contains');
    const min = readNumber(site, 'minContains') ?? 1;
    const max = readNumber(site, 'maxContains') ?? Infinity;
    const countIn = (items: readonly Json[], run: Run): number => items.filter((item) => node.check(item, run, null)).length;
    return [
      {
        kind: 'array',
        check(items, run, seen) {
          spend(run, items.length);
          let amount = 0;
          for (const [index, item] of items.entries()) {
            if (!node.check(item, run, null)) continue;
            amount += 1;
            // Only from 2020-12 on does `contains` count as evaluating the items it found.
            if (seen !== null && site.draft >= 2020) {
              spend(run, 3);
              seen.contained.add(index);
            } else if (amount >= min && max === Infinity) return true;
          }
          return amount >= min && amount <= max;
        },
        explain(items, place, report) {
          spend(report.run, items.length);
          const amount = countIn(items, report.run);
          const [words, limit] = amount < min ? ['at least', min] : ['at most', max];
          const keyword = amount > max ? 'maxContains' : read(site, 'minContains') === undefined ? 'contains' : 'minContains';
          const expected = `must have ${words} ${counted(limit, 'item')} that the schema of "contains" describes`;
          fail(report, site, place, keyword, { expected, got: String(amount), params: { limit, found: amount } });
        },
      },
    ];
  },
};
