/** `propertyNames`: every name of an object, judged as a string. */
import type { KeywordGroup } from '../engine/keyword.ts';
import { keysOf } from '../engine/object-keys.ts';
import { step } from '../engine/path.ts';
import { failBelow, type Report } from '../engine/report.ts';
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
        explain(object, place, run, report) {
          const names = keysOf(object, run);
          spend(run, names.length);
          const below: Report = [];
          for (const name of names) {
            if (node.check(name, run, null)) continue;
            const at = { instance: step(place.instance, name), keyword: step(place.keyword, 'propertyNames') };
            node.explain(name, at, run, below);
          }
          failBelow(report, run, site, place, 'propertyNames', below);
        },
      },
    ];
  },
};
