/**
 * What an explanation found, as a tree: a failure has causes where it only passes on what failed below it (`properties`,
 * `$ref`, `anyOf`). `output.ts` writes it in the standard formats, `errors.ts` as the short list people read.
 */
import type { JsonObject } from '../../json.ts';
import type { Path } from './path.ts';
import type { Place } from './node.ts';
import type { Run } from './run.ts';

export interface Failure {
  readonly keyword: string;
  readonly instance: Path;
  /** The keyword as evaluation reached it. */
  readonly via: Path;
  /** Where the schema that holds the keyword lies: its URI, if it has one, and a JSON Pointer as fragment. */
  readonly schema: string;
  readonly detail: string;
  readonly params: JsonObject;
  readonly causes: readonly Failure[];
  /** Set where only one of several branches had to hold: the causes of each. */
  readonly branches?: readonly (readonly Failure[])[];
}

/** Collects failures of one schema, or of one branch. */
export type Report = Failure[];

/** Where a keyword is written; what a failure says of it. */
export interface Origin {
  readonly location: string;
}

/** Reports that a keyword does not hold. */
export function fail(
  report: Report,
  run: Run,
  { location }: Origin,
  place: Place,
  keyword: string,
  [detail, params]: Finding,
  branches?: readonly (readonly Failure[])[],
): void {
  if (run.room <= 0) return;
  run.room -= 1;
  const via = { up: place.keyword, token: keyword };
  const failure = { keyword, instance: place.instance, via, schema: location, detail, params, causes: [] };
  report.push(branches === undefined ? failure : { ...failure, branches });
}

/** Reports what failed below a keyword, if anything did. */
export function failBelow(report: Report, { location }: Origin, place: Place, keyword: string, causes: Report): void {
  if (causes.length === 0) return;
  const via = { up: place.keyword, token: keyword };
  report.push({ keyword, instance: place.instance, via, schema: location, detail: '', params: {}, causes });
}

/** What is wrong: the sentence, and its numbers and names. */
export type Finding = readonly [detail: string, params: JsonObject];
