/** The simplest keywords: a test of the value alone, and a sentence for when it fails. */
import type { KeywordFacts, KeywordGroup } from '../engine/keyword.ts';
import type { Check, Kind, Kinds, Part, PartOf, TypeName } from '../engine/node.ts';
import { fail, type Finding } from '../engine/report.ts';
import type { Run } from '../engine/run.ts';
import type { Site } from '../engine/site.ts';

export type Test<T> = (value: T, run: Run) => boolean;

/** A part of a schema for one keyword. */
export function assertion<K extends Kind>(
  site: Site,
  kind: K,
  keyword: string,
  test: Test<Kinds[K]>,
  describe: (value: Kinds[K], run: Run) => Finding,
): PartOf<K> {
  return {
    kind,
    check: test,
    explain: (value, place, report) => fail(report, site, place, keyword, describe(value, report.run)),
  };
}

/** One part out of several: all their explanations, and one check that is faster than theirs one after the other. */
export function fused<K extends Kind>(
  kind: K,
  parts: readonly PartOf<K>[],
  check: Check<Kinds[K]>,
  typed: { readonly [T in TypeName]?: Check },
): PartOf<K> {
  return {
    kind,
    check,
    typed,
    looks: true,
    explain(value, place, report) {
      for (const part of parts) if (!part.check(value, report.run, null)) part.explain(value, place, report);
    },
  };
}

/** Group of a single keyword. */
export function single(keyword: string, facts: KeywordFacts, compile: (site: Site) => Part | null): KeywordGroup {
  return {
    keywords: { [keyword]: facts },
    compile(site) {
      const part = compile(site);
      return part === null ? [] : [part];
    },
  };
}
