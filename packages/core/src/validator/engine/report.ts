/**
 * What an explanation found, as a tree: where several things are wrong with one place, they are the causes of one failure
 * there, and where one of several schemas had to hold, each is a branch. `errors.ts` writes the short list that people read,
 * `output.ts` the standard formats.
 */
import type { JsonObject } from '../../json.ts';
import type { Place } from './node.ts';
import { type Path, step } from './path.ts';
import { type Run, spend } from './run.ts';

export interface Failure {
  /** The keyword that does not hold; empty where a schema as a whole does not: `false`, or one with several causes. */
  readonly keyword: string;
  readonly instance: Path;
  /** The keyword as evaluation reached it. */
  readonly via: Path;
  /** URI of the schema that has the keyword, with a JSON Pointer as fragment. */
  readonly schema: string;
  readonly finding: Finding;
  readonly causes: readonly Failure[];
  readonly branches: readonly Branch[];
}

/** What a rule expects, as a phrase that begins with a verb, and what it got, if that says more than the place does. */
export interface Finding {
  readonly expected: string;
  readonly got?: string;
  readonly params: JsonObject;
}

/** One of the alternatives of `anyOf` and `oneOf`. */
export interface Branch {
  /** Its title, where it has one. */
  readonly title: string | null;
  readonly via: Path;
  readonly failures: readonly Failure[];
}

/** Collects the failures of one schema. */
export interface Report {
  readonly run: Run;
  readonly failures: Failure[];
}

/** Where a keyword is written; what a failure says of it. */
export interface Origin {
  readonly location: string;
}

/** A failure kept costs as much as this many steps of a check. */
const COST = 50;

/** Reports that a keyword does not hold. */
export function fail(
  report: Report,
  origin: Origin,
  place: Place,
  keyword: string,
  finding: Finding,
  branches: readonly Branch[] = [],
): void {
  const { run, failures } = report;
  if (run.room <= 0) return;
  spend(run, COST);
  run.room -= 1;
  const via = keyword === '' ? place.keyword : step(place.keyword, keyword);
  failures.push({ keyword, instance: place.instance, via, schema: origin.location, finding, causes: [], branches });
}

const SEVERAL: Finding = { expected: 'must be valid', params: {} };

/** Makes one failure of all that is wrong with a value by one schema: what was reported from `first` on. */
export function gather({ run, failures }: Report, origin: Origin, { instance, keyword: via }: Place, first: number): void {
  spend(run, COST);
  if (failures.length - first < 2) return;
  const causes = failures.splice(first);
  failures.push({ keyword: '', instance, via, schema: origin.location, finding: SEVERAL, causes, branches: [] });
}
