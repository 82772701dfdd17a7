/** What the presence of one property asks for: `dependentRequired`, `dependentSchemas`, and `dependencies`, which was both. */
import type { JsonObject } from '../../json.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { along, type Part, type SchemaNode } from '../engine/node.ts';
import { fail } from '../engine/report.ts';
import { spend } from '../engine/run.ts';
import { inPlace, namesIn, readEntries, type Site } from '../engine/site.ts';

export const dependent: KeywordGroup = {
  keywords: {
    dependentRequired: { vocabulary: 'validation', from: 2019 },
    dependentSchemas: { vocabulary: 'applicator', from: 2019, holds: 'named schemas' },
    // Later drafts replaced it, and the metaschema still describes it for schemas that are older than their `$schema` says.
    dependencies: { vocabulary: 'applicator', holds: 'named schemas' },
  },
  compile(site) {
    return [
      ...readEntries(site, 'dependentRequired').map(([name, needed]) => requires(site, 'dependentRequired', name, namesIn(needed))),
      ...readEntries(site, 'dependentSchemas').map(([name, schema]) =>
        applies('dependentSchemas', name, inPlace(site, schema, 'dependentSchemas', name)),
      ),
      ...readEntries(site, 'dependencies').map(([name, needed]) =>
        Array.isArray(needed)
          ? requires(site, 'dependencies', name, namesIn(needed))
          : applies('dependencies', name, inPlace(site, needed, 'dependencies', name)),
      ),
    ];
  },
};

function requires(site: Site, keyword: string, name: string, needed: readonly string[]): Part {
  const missing = (object: JsonObject): string[] => needed.filter((other) => !Object.hasOwn(object, other));
  return {
    kind: 'object',
    check(object, run) {
      if (!Object.hasOwn(object, name)) return true;
      spend(run, needed.length);
      return needed.every((other) => Object.hasOwn(object, other));
    },
    explain(object, place, report) {
      spend(report.run, needed.length);
      for (const other of missing(object)) {
        const expected = `must have the property ${JSON.stringify(other)}, because it has ${JSON.stringify(name)}`;
        fail(report, site, place, keyword, { expected, params: { missing: other, property: name } });
      }
    },
  };
}

function applies(keyword: string, name: string, node: SchemaNode): Part {
  return {
    kind: 'object',
    check(object, run, seen) {
      spend(run, 1);
      return !Object.hasOwn(object, name) || node.check(object, run, seen);
    },
    explain: (object, place, report) => node.explain(object, along(place, keyword, name), report),
  };
}
