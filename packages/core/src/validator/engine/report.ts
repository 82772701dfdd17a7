/**
 * What an explanation found, as a tree: a failure has causes where a keyword only passes on what failed below it
 * (`properties`, `$ref`), and branches where one of several had to hold. `errors.ts` writes the short list that people read,
 * `output.ts` the standard formats.
 */
import type { JsonObject } from '../../json.ts';
import type { Place } from './node.ts';
import { type Path, step } from './path.ts';
import { type Run, spend } from './run.ts';

export interface Failure {
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

/** Collects the failures of one schema, or of one branch. */
export type Report = Failure[];

/** Where a keyword is written; what a failure says of it. */
export interface Origin {
  readonly location: string;
}

/** A failure kept costs as much as this many steps of a check. */
const COST = 50;

/** Reports that a keyword does not hold. */
export function fail(
  report: Report,
  run: Run,
  origin: Origin,
  place: Place,
  keyword: string,
  finding: Finding,
  branches: readonly Branch[] = [],
): void {
  spend(run, COST);
  if (run.room <= 0) return;
  run.room -= 1;
  // A schema `false` fails as a whole, not by a keyword.
  const via = keyword === '' ? place.keyword : step(place.keyword, keyword);
  report.push({ keyword, instance: place.instance, via, schema: origin.location, finding, causes: [], branches });
}

const BELOW: Finding = { expected: 'must be valid in all its parts', params: {} };

/** Reports what failed below a keyword, if anything did. */
export function failBelow(report: Report, run: Run, origin: Origin, place: Place, keyword: string, causes: Report): void {
  if (causes.length === 0) return;
  spend(run, COST);
  const via = step(place.keyword, keyword);
  report.push({ keyword, instance: place.instance, via, schema: origin.location, finding: BELOW, causes, branches: [] });
}
