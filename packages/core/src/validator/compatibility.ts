/**
 * Whether a new version of a schema may take the place of the old one, by what values they admit. *Backward*: whatever was
 * valid still is, so those who send need not change. *Forward*: whatever is valid now was valid before, so those who read the
 * old way are not surprised. The comparison only says "compatible" where it can prove it; anything else comes with a reason.
 */
import type { Json } from '../json.ts';
import { Comparison } from './compatibility/comparison.ts';
import { factsOf } from './compatibility/facts.ts';
import type { Reasons } from './compatibility/proof.ts';
import { newBudget, Side, TooMuch } from './compatibility/side.ts';
import { type CompileOptions, openSchema, type Refusal } from './json-schema.ts';

export interface Incompatibility {
  /** What is broken: `backward` if old values are refused now, `forward` if new values were refused before. */
  readonly breaks: 'backward' | 'forward';
  /** JSON Pointer of the keyword that refuses: into the new schema for `backward`, into the old one for `forward`. */
  readonly pointer: string;
  readonly detail: string;
}

export interface Compatibility {
  readonly level: 'full' | 'backward' | 'forward' | 'none';
  /** Empty for `full`. */
  readonly reasons: readonly Incompatibility[];
  /** What would be a break if somebody used a property before its schema named it. */
  readonly notes: readonly Incompatibility[];
}

export type ComparisonResult = ({ readonly ok: true } & Compatibility) | Refusal;

export interface ComparisonOptions extends CompileOptions {
  /**
   * What a value has under names that its own schema neither names nor refuses. `nothing` is what authors mean: adding an
   * optional property is no break. With `anything` the proof holds for every value, and adding one to an open object is a break.
   */
  readonly unnamed?: 'nothing' | 'anything';
}

/** Compares two versions. Both must compile; the faults are of the one that does not. */
export function compareSchemas(previous: Json, next: Json, options: ComparisonOptions = {}): ComparisonResult {
  const [old, now] = [openSchema(previous, options), openSchema(next, options)];
  if (!old.ok) return old;
  if (!now.ok) return now;
  // Also where parts of it could not be compared.
  if (JSON.stringify(old.schema) === JSON.stringify(now.schema)) return { ok: true, level: 'full', reasons: [], notes: [] };
  const trust = options.unnamed !== 'anything';
  const budget = newBudget();
  const [before, after] = [new Side(old.engine, budget), new Side(now.engine, budget)];
  const backward = compare('backward', before, after, trust);
  const forward = compare('forward', after, before, trust);
  const [backwardHolds, forwardHolds] = [backward.reasons.length === 0, forward.reasons.length === 0];
  const level = backwardHolds ? (forwardHolds ? 'full' : 'backward') : forwardHolds ? 'forward' : 'none';
  return { ok: true, level, reasons: [...backward.reasons, ...forward.reasons], notes: [...backward.notes, ...forward.notes] };
}

/** Reasons of one direction; more would not be read. */
const MAX_REASONS = 50;

/** Why not every value of `from` is one of `to`. */
function compare(breaks: Incompatibility['breaks'], from: Side, to: Side, trust: boolean): Pick<Compatibility, 'reasons' | 'notes'> {
  const listed = (reasons: Reasons): Incompatibility[] => reasons.slice(0, MAX_REASONS).map((reason) => ({ breaks, ...reason }));
  try {
    const comparison = new Comparison(from, to, trust ? 'nothing' : 'anything');
    const reasons = comparison.holds(factsOf([from.root], from), to.root, '');
    return { reasons: listed(reasons), notes: listed(comparison.notes()) };
  } catch (error) {
    if (error instanceof TooMuch)
      return { reasons: [{ breaks, pointer: '', detail: 'cannot be compared: too large or too entangled' }], notes: [] };
    throw error;
  }
}
