/** `propertyNames`: every name of an object, judged as a string. */
import type { KeywordGroup } from '../engine/keyword.ts';
import { keysOf } from '../engine/object-keys.ts';
import { inside } from '../engine/node.ts';
import { spend } from '../engine/run.ts';
import { child, read } from '../engine/site.ts';

export const propertyNames: KeywordGroup = {
  keywords: { propertyNames: { vocabulary: 'applicator', from: 6, holds: 'schemas' } },
  compile(site) {
    const node = child(site, read(site, 'propertyNames') ?? true, 'propertyNames');
    return [
      {
        kind: 'object',
        check(object, run) {
          const names = keysOf(object, run);
          spend(run, names.length);
          return names.every((name) => node.check(name, run, null));
        },
        explain(object, place, report) {
          for (const name of keysOf(object, report.run)) {
            spend(report.run, 2);
            if (!node.check(name, report.run, null)) node.explain(name, inside(place, name, 'propertyNames'), report);
          }
        },
      },
    ];
  },
};
