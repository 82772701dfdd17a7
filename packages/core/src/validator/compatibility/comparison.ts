/**
 * Proves that every value of one schema is a value of another. The other one is taken apart keyword by keyword, and each must
 * follow from the facts; where a keyword has no proof there is a reason. Circles of references are taken to hold until
 * something on them does not.
 */
import type { Json } from '../../json.ts';
import type { Subschema } from '../engine/resource.ts';
import { showList } from '../engine/show.ts';
import { holdsArray } from './arrays.ts';
import { type Facts, factsOf, finiteValues, type KindName, kindsOf, type Schema, valueAt, withSchema } from './facts.ts';
import { isCrossed } from './limits.ts';
import { holdsLogic } from './logic.ts';
import { holdsObject } from './objects.ts';
import { HOLDS, isValid, pointerOf, type Proof, type Reason, type Reasons } from './proof.ts';
import type { Side } from './side.ts';
import { holdsValue } from './values.ts';

/** Steps that one schema compared with another takes, for each that applies: every keyword is looked up. */
const COST_OF_A_PLACE = 40;

/** Values tried one by one. */
const MAX_VALUES = 1_000;

export class Comparison implements Proof {
  readonly from: Side;
  readonly to: Side;
  readonly unnamed: Proof['unnamed'];
  readonly reversed: Comparison;
  readonly #notes = new Map<string, Reason>();
  /** What is being proved or has been, in that order. */
  readonly #assumed = new Set<string>();
  readonly #kinds = new Map<KindName, Subschema>();
  readonly #numbers = new Map<Subschema, number>();

  constructor(from: Side, to: Side, unnamed: Proof['unnamed'], reversed?: Comparison) {
    this.from = from;
    this.to = to;
    this.unnamed = unnamed;
    this.reversed = reversed ?? new Comparison(to, from, unnamed, this);
  }

  note(reason: Reason): void {
    this.#notes.set(reason.pointer, reason);
  }

  notes(): Reasons {
    return [...this.#notes.values()];
  }

  holds(facts: Facts, schema: Schema, pointer: string): Reasons {
    this.to.spend(4 + facts.all.length);
    if (schema === true || this.isImpossible(facts)) return HOLDS;
    if (schema === false) return [{ pointer, detail: 'admits nothing' }];
    const values = this.few(facts);
    if (values !== null) return this.#holdsEach(values, schema);
    const key = this.#keyOf(facts, schema);
    if (this.#assumed.has(key)) return HOLDS;
    const before = this.#assumed.size;
    this.#assumed.add(key);
    const asked = factsOf([schema], this.to);
    const nothing = asked.never ? [{ pointer: schema.pointer, detail: 'admits nothing' }] : HOLDS;
    const reasons = [...nothing, ...asked.all.flatMap((place) => this.#holdsPlace(facts, place))];
    if (reasons.length > 0) this.#forget(before);
    return reasons;
  }

  isEquivalent(own: Schema, other: Schema): boolean {
    const contains = this.holds(factsOf([own], this.from), other, '').length === 0;
    return contains && this.reversed.holds(factsOf([other], this.to), own, '').length === 0;
  }

  ofKind(facts: Facts, kind: KindName): Facts {
    const [first] = facts.all;
    if (first === undefined) return facts;
    const known = this.#kinds.get(kind) ?? { schema: { type: kind }, resource: first.resource, pointer: '', own: false, height: 1 };
    this.#kinds.set(kind, known);
    return withSchema(facts, known);
  }

  isImpossible(facts: Facts): boolean {
    const kinds = kindsOf(facts);
    return kinds.size === 0 || [...kinds].every((kind) => isCrossed(facts, kind)) || this.few(facts)?.length === 0;
  }

  few(facts: Facts): readonly Json[] | null {
    const values = finiteValues(facts);
    return values === null || values.length > MAX_VALUES
      ? null
      : values.filter((value) => facts.all.every((place) => isValid(value, place, facts.side)));
  }

  #holdsEach(values: readonly Json[], schema: Subschema): Reasons {
    const refused = values.filter((value) => !isValid(value, schema, this.to));
    if (refused.length === 0) return HOLDS;
    const keyword = ['enum', 'const', 'type'].find((name) => valueAt(schema, name) !== undefined);
    const pointer = keyword === undefined ? schema.pointer : pointerOf(schema, keyword);
    return [{ pointer, detail: `does not admit ${showList(refused)}` }];
  }

  #holdsPlace(facts: Facts, place: Subschema): Reasons {
    this.to.spend(COST_OF_A_PLACE + COST_OF_A_PLACE * facts.all.length);
    const text = this.to.textOf(place.schema);
    if (text !== null && facts.all.some((own) => facts.side.textOf(own.schema) === text)) return HOLDS;
    const kinds = kindsOf(facts);
    return [
      ...holdsValue(facts, place),
      ...(kinds.has('object') ? holdsObject(this, facts, place) : HOLDS),
      ...(kinds.has('array') ? holdsArray(this, facts, place) : HOLDS),
      ...holdsLogic(this, facts, place),
    ];
  }

  /** Drops what was proved with the help of something that turned out not to hold. */
  #forget(before: number): void {
    for (const key of [...this.#assumed].slice(before)) this.#assumed.delete(key);
  }

  #keyOf({ all, never }: Facts, schema: Subschema): string {
    const numbers = all.map((place) => this.#number(place)).sort((a, b) => a - b);
    return `${never ? '!' : ''}${numbers.join(' ')} > ${this.#number(schema)}`;
  }

  #number(place: Subschema): number {
    const known = this.#numbers.get(place) ?? this.#numbers.size;
    this.#numbers.set(place, known);
    return known;
  }
}
