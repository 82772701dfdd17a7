/** `if`, `then`, `else`. A condition is never an error; only what it leads to is. */
import { nothingEvaluated, merge } from '../engine/evaluated.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Json } from '../../json.ts';
import { along, type SchemaNode } from '../engine/node.ts';
import { spend } from '../engine/run.ts';
import { inPlace, read } from '../engine/site.ts';

export const conditional: KeywordGroup = {
  keywords: {
    if: { vocabulary: 'applicator', from: 7, holds: 'schemas' },
    then: { vocabulary: 'applicator', from: 7, holds: 'schemas' },
    else: { vocabulary: 'applicator', from: 7, holds: 'schemas' },
  },
  compile(site) {
    const schema = read(site, 'if');
    if (schema === undefined) return [];
    const condition = inPlace(site, schema, 'if');
    const branch = (keyword: string, value: Json | undefined): SchemaNode | null =>
      value === undefined ? null : inPlace(site, value, keyword);
    const [then, otherwise] = [branch('then', read(site, 'then')), branch('else', read(site, 'else'))];
    return [
      {
        kind: 'any',
        check(value, run, seen) {
          spend(run, 2);
          const own = seen === null ? null : nothingEvaluated();
          const held = condition.check(value, run, own);
          if (held && seen !== null && own !== null) merge(seen, own, run);
          return (held ? then : otherwise)?.check(value, run, seen) ?? true;
        },
        explain(value, place, report) {
          const keyword = condition.check(value, report.run, null) ? 'then' : 'else';
          (keyword === 'then' ? then : otherwise)?.explain(value, along(place, keyword), report);
        },
      },
    ];
  },
};
