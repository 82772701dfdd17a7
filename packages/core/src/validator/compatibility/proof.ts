/** What the parts of a comparison ask of it, and of the schemas. */
import type { Json } from '../../json.ts';
import { pointerTo } from '../engine/path.ts';
import type { Subschema } from '../engine/resource.ts';
import { Exhausted, newRun } from '../engine/run.ts';
import type { Facts, KindName, Schema } from './facts.ts';
import { type Side, textOf, TooMuch } from './side.ts';

/** Why one schema does not contain another. */
export interface Reason {
  /** JSON Pointer of the keyword that refuses, into the schema that should have admitted. */
  readonly pointer: string;
  readonly detail: string;
}

export type Reasons = readonly Reason[];

export const HOLDS: Reasons = [];

/** Proves that the values of facts are values of a schema on the other side. */
export interface Proof {
  readonly to: Side;
  /** What values have under names that their own schema neither names nor refuses. */
  readonly unnamed: 'nothing' | 'anything';
  /** The other way round: what is asked for in an exception must be excepted already. */
  readonly reversed: Proof;
  /** Why not every value of the facts is one of `schema`; `pointer` says where `schema` stands when it is a boolean. */
  holds(facts: Facts, schema: Schema, pointer: string): Reasons;
  /** Keeps what was taken on trust. */
  note(reason: Reason): void;
  /** Says whether each of two schemas contains the other. */
  isEquivalent(own: Schema, other: Schema): boolean;
  /** Those values of the facts that are of one kind. */
  ofKind(facts: Facts, kind: KindName): Facts;
  /** Says whether there is no value of these facts, as far as one can tell. */
  isImpossible(facts: Facts): boolean;
  /** The values of the facts, where these are so few that each can be tried. */
  few(facts: Facts): readonly Json[] | null;
}

/** The pointer of something below a schema. */
export function pointerOf({ pointer }: Subschema, ...tokens: readonly (string | number)[]): string {
  return pointer + pointerTo(...tokens);
}

/** Says whether two pieces of schemas are written alike and refer to nothing else. */
export function isSame(own: Json, other: Json): boolean {
  const text = textOf(own);
  return text !== null && text === textOf(other);
}

/** Steps that a value tried takes. */
const COST_OF_A_CHECK = 20;

export function isValid(value: Json, place: Subschema, side: Side): boolean {
  const { compiler } = side;
  side.spend(COST_OF_A_CHECK);
  const node = compiler.later(place);
  compiler.finish();
  try {
    return node.check(value, newRun({ resource: place.resource, up: null }), null);
  } catch (error) {
    if (error instanceof Exhausted) throw new TooMuch();
    throw error;
  }
}
