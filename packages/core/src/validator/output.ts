/** The output formats that JSON Schema standardises: `flag`, `basic` and `detailed`. Annotations are not collected. */
import { detailOf } from './errors.ts';
import { escapeToken, pointerOf } from './engine/path.ts';
import type { Branch, Failure } from './engine/report.ts';

export type OutputFormat = 'flag' | 'basic' | 'detailed';

export interface OutputUnit {
  readonly valid: boolean;
  /** The keyword as evaluation reached it, through references. */
  readonly keywordLocation?: string;
  /** The keyword where it is written. */
  readonly absoluteKeywordLocation?: string;
  readonly instanceLocation?: string;
  readonly error?: string;
  readonly errors?: readonly OutputUnit[];
}

export function outputOf(failures: readonly Failure[], format: 'basic' | 'detailed'): OutputUnit {
  // Several failures of the whole value stand below its own unit, which is this one.
  const top = failures.flatMap((failure) => (failure.via === null && failure.causes.length > 0 ? failure.causes : [failure]));
  const errors = format === 'basic' ? top.flatMap(flat) : top.map(nested);
  return { valid: false, keywordLocation: '', instanceLocation: '', errors };
}

/** Every keyword that failed by itself, and every choice that had no branch. */
function flat(failure: Failure): OutputUnit[] {
  const below = [...failure.causes, ...failure.branches.flatMap(({ failures }) => failures)].flatMap(flat);
  return failure.causes.length > 0 ? below : [{ ...unit(failure), error: detailOf(failure.finding) }, ...below];
}

/** A tree, in which a node that has only one below it gives way to that one. */
function nested(failure: Failure): OutputUnit {
  const errors = [...failure.causes.map(nested), ...failure.branches.map((branch) => nestedBranch(failure, branch))];
  const [first] = errors;
  if (first === undefined) return { ...unit(failure), error: detailOf(failure.finding) };
  return errors.length === 1 ? first : { ...unit(failure), errors };
}

function nestedBranch({ instance, schema, keyword }: Failure, { via, failures }: Branch): OutputUnit {
  const errors = failures.map(nested);
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const absolute = `${schema}/${keyword}/${via?.token ?? ''}`;
  return {
    valid: false,
    keywordLocation: pointerOf(via),
    absoluteKeywordLocation: absolute,
    instanceLocation: pointerOf(instance),
    errors,
  };
}

function unit({ instance, via, schema, keyword }: Failure): OutputUnit {
  return {
    valid: false,
    keywordLocation: pointerOf(via),
    absoluteKeywordLocation: keyword === '' ? schema : `${schema}/${encodeURI(escapeToken(keyword))}`,
    instanceLocation: pointerOf(instance),
  };
}
