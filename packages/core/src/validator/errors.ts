/**
 * What people read of a failed validation: only what is wrong and no parents of it; and of alternatives, only the one that
 * was meant, as far as the value tells.
 */
import type { Json } from '../json.ts';
import { pointerOf } from './engine/path.ts';
import type { Branch, Failure, Finding } from './engine/report.ts';
import { MAX_FAILURES } from './engine/run.ts';
import { nameOfType, showList } from './engine/show.ts';
import type { ValidationError } from './validator.ts';

/** A failure to be read, with what is to be said of the alternatives it was found in. */
interface Leaf {
  readonly failure: Failure;
  readonly note: string;
}

/** The list of errors, at most {@link MAX_FAILURES}. */
export function errorsOf(failures: readonly Failure[]): ValidationError[] {
  const leaves = leavesOf(failures);
  if (leaves.length > MAX_FAILURES) leaves.length = MAX_FAILURES;
  return leaves.map(({ failure, note }) => {
    const { keyword, finding } = failure;
    const [pointer, detail, keywordLocation] = [pointerOf(failure.instance), detailOf(finding) + note, pointerOf(failure.via)];
    const { params } = finding;
    return keyword === '' ? { pointer, detail, keywordLocation, params } : { pointer, detail, keyword, keywordLocation, params };
  });
}

export function detailOf({ expected, got }: Finding): string {
  return got === undefined ? expected : `${expected}; got ${got}`;
}

function leavesOf(failures: readonly Failure[], leaves: Leaf[] = []): Leaf[] {
  for (const failure of failures) {
    if (failure.causes.length > 0) leavesOf(failure.causes, leaves);
    else if (failure.branches.length > 0) leaves.push(...leavesOfChoice(failure));
    else leaves.push({ failure, note: '' });
  }
  return leaves;
}

function leavesOfChoice(failure: Failure): readonly Leaf[] {
  const alternatives = failure.branches.map((branch) => ({ branch, leaves: leavesOf(branch.failures) }));
  const shared = sharedLeaf(
    failure,
    alternatives.map(({ leaves }) => leaves),
  );
  if (shared !== null) return [{ failure: shared, note: '' }];
  const distances = alternatives.map(({ branch, leaves }) => ({ branch, leaves, distance: distanceOf(leaves, failure) }));
  const [closest, second] = distances.sort((a, b) => a.distance - b.distance);
  if (closest === undefined || closest.distance === second?.distance) return [{ failure, note: '' }];
  const note = ` (${nameOf(failure, closest.branch)} of ${failure.branches.length} came closest)`;
  return closest.leaves.map((leaf) => ({ failure: leaf.failure, note: leaf.note === '' ? note : leaf.note }));
}

function nameOf({ branches }: Failure, branch: Branch): string {
  const number = `alternative ${branches.indexOf(branch) + 1}`;
  return branch.title === null ? number : `${number}, ${JSON.stringify(branch.title)},`;
}

/**
 * One failure in place of many, where every alternative is told from the others at one place and none is there: by the type
 * of the value, or by a property like `"kind": "card"`. Also where each asks for one thing only, all of one kind.
 */
function sharedLeaf(choice: Failure, alternatives: readonly (readonly Leaf[])[]): Failure | null {
  const [first = []] = alternatives;
  for (const { failure } of first) {
    const at = pointerOf(failure.instance);
    const tells = tellingOf(failure);
    if (tells === null) continue;
    const alike = alternatives.flatMap(
      (leaves) => leaves.find((leaf) => tellingOf(leaf.failure) === tells && pointerOf(leaf.failure.instance) === at) ?? [],
    );
    if (alike.length === alternatives.length) return { ...choice, instance: failure.instance, finding: joined(alike, tells, choice) };
  }
  const only = alternatives.flatMap((leaves) => (leaves.length === 1 ? leaves : []));
  const here = pointerOf(choice.instance);
  const comparable = only.every(({ failure }) => tellingOf(failure) === null && pointerOf(failure.instance) === here);
  if (!comparable || only.length < alternatives.length || only.length > MAX_JOINED) return null;
  return { ...choice, finding: joined(only, null, choice) };
}

/** More things asked for in one sentence are hard to read. */
const MAX_JOINED = 4;

/** What a failure tells alternatives apart by. */
function tellingOf({ keyword }: Failure): 'type' | 'value' | null {
  return keyword === 'type' ? 'type' : keyword === 'const' || keyword === 'enum' ? 'value' : null;
}

/** What several failures expect, as one. */
function joined(leaves: readonly Leaf[], tells: 'type' | 'value' | null, { finding: { params } }: Failure): Finding {
  const findings = leaves.map(({ failure }) => failure.finding);
  const named = (name: string): readonly Json[] => [...new Set(findings.flatMap((finding) => finding.params[name] ?? []))];
  const values = [
    ...new Set(findings.flatMap((finding): readonly Json[] => listOf(finding.params['enum']) ?? [finding.params['const'] ?? null])),
  ];
  const expected =
    tells === 'type'
      ? `must be ${named('type').map(nameOfType).join(' or ')}`
      : tells === 'value'
        ? `must be one of ${showList(values)}`
        : [...new Set(findings.map((finding) => finding.expected))].join(', or ');
  const got = findings.find((finding) => finding.got !== undefined)?.got;
  return got === undefined ? { expected, params } : { expected, got, params };
}

function listOf(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) ? value : null;
}

/** How far a value is from an alternative: worst is another type, then another "kind", then the number of failures. */
function distanceOf(leaves: readonly Leaf[], choice: Failure): number {
  const depth = depthOf(choice);
  const isOtherType = leaves.some(({ failure }) => failure.keyword === 'type' && depthOf(failure) === depth);
  const isOtherKind = leaves.some(
    ({ failure }) => (failure.keyword === 'const' || failure.keyword === 'enum') && depthOf(failure) <= depth + 1,
  );
  return (isOtherType ? 20_000 : isOtherKind ? 10_000 : 0) + leaves.length;
}

function depthOf({ instance }: Failure): number {
  let depth = 0;
  for (let at = instance; at !== null; at = at.up) depth += 1;
  return depth;
}
