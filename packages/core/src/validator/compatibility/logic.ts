/** Alternatives, exceptions and conditions. A value is followed into each alternative that it may have been. */
import { isJsonObject } from '../../json.ts';
import type { Subschema } from '../engine/resource.ts';
import { HOLDS, isValid, pointerOf, type Proof, type Reasons } from './proof.ts';
import { alternativesOf, type Facts, factsOf, kindsOf, listAt, type Schema, schemaAt, valueAt, withSchema } from './facts.ts';
import { isRequired, propertyFacts } from './objects.ts';

export function holdsLogic(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return [
    ...holdsAlternatives(proof, facts, place, 'anyOf'),
    ...holdsAlternatives(proof, facts, place, 'oneOf'),
    ...holdsException(proof, facts, place),
    ...holdsCondition(proof, facts, place),
    ...holdsRules(facts, place),
    ...['$dynamicRef', '$recursiveRef'].flatMap((keyword) =>
      valueAt(place, keyword) === undefined ? [] : [{ pointer: pointerOf(place, keyword), detail: 'cannot be compared' }],
    ),
  ];
}

function holdsAlternatives(proof: Proof, facts: Facts, place: Subschema, keyword: 'anyOf' | 'oneOf'): Reasons {
  const branches = listAt(place, keyword).map((branch) => schemaAt(branch, proof.to));
  if (branches.length === 0 || isAmong(proof, facts, branches, keyword, 0)) return HOLDS;
  return [{ pointer: pointerOf(place, keyword), detail: 'has no alternative for all that was admitted' }];
}

/** Alternatives inside alternatives that are followed. */
const MAX_SPLITS = 3;

function isAmong(proof: Proof, facts: Facts, branches: readonly Schema[], keyword: 'anyOf' | 'oneOf', splits: number): boolean {
  if (proof.isImpossible(facts)) return true;
  const isOnly = (index: number): boolean =>
    keyword === 'anyOf' || branches.every((other, at) => at === index || isDisjoint(proof, facts, other, 0));
  if (branches.some((branch, index) => proof.holds(facts, branch, '').length === 0 && isOnly(index))) return true;
  if (splits >= MAX_SPLITS) return false;
  return splitsOf(proof, facts).some((parts) => parts.every((part) => isAmong(proof, part, branches, keyword, splits + 1)));
}

/** Ways to tell values of the facts apart: by their own alternatives, or by their kind. */
function splitsOf(proof: Proof, facts: Facts): Facts[][] {
  const kinds = [...kindsOf(facts)];
  const byBranch = alternativesOf(facts).map((branches) => branches.map((branch) => withSchema(facts, branch)));
  return kinds.length > 1 ? [...byBranch, kinds.map((kind) => proof.ofKind(facts, kind))] : byBranch;
}

/** Properties looked into when two schemas are to have no value in common. */
const MAX_DEPTH = 3;

/** Says whether no value of the facts is one of the other schema, as far as one can tell. */
function isDisjoint(proof: Proof, facts: Facts, other: Schema, depth: number): boolean {
  if (typeof other === 'boolean') return !other;
  return areDisjoint(proof, facts, factsOf([other], proof.to), depth);
}

function areDisjoint(proof: Proof, facts: Facts, others: Facts, depth: number): boolean {
  if (proof.isImpossible(facts) || proof.reversed.isImpossible(others)) return true;
  const [kinds, otherKinds] = [kindsOf(facts), kindsOf(others)];
  const common = [...kinds].filter((kind) => otherKinds.has(kind));
  if (common.length === 0) return true;
  const values = proof.few(facts);
  if (values !== null) return values.every((value) => others.all.some((place) => !isValid(value, place, others.side)));
  const otherValues = proof.reversed.few(others);
  if (otherValues !== null) return otherValues.every((value) => facts.all.some((place) => !isValid(value, place, facts.side)));
  if (common.some((kind) => kind !== 'object') || depth >= MAX_DEPTH) return false;
  const names = new Set([...facts.all, ...others.all].flatMap((place) => listAt(place, 'required')));
  return [...names].some(
    (name) =>
      typeof name === 'string' &&
      (isRequired(facts, name) || isRequired(others, name)) &&
      areDisjoint(proof, propertyFacts(facts, name), propertyFacts(others, name), depth + 1),
  );
}

/** What is excepted now must have been excepted before, or never have been a value. */
function holdsException(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const not = valueAt(place, 'not');
  if (not === undefined) return HOLDS;
  const excepted = schemaAt(not, proof.to);
  if (isDisjoint(proof, facts, excepted, 0)) return HOLDS;
  const covered = facts.all.some((own) => {
    const before = valueAt(own, 'not');
    if (before === undefined) return false;
    return proof.reversed.holds(factsOf([excepted], proof.to), schemaAt(before, facts.side), '').length === 0;
  });
  return covered ? HOLDS : [{ pointer: pointerOf(place, 'not'), detail: 'excepts what was admitted' }];
}

function holdsCondition(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const condition = valueAt(place, 'if');
  if (condition === undefined) return HOLDS;
  const [then, otherwise] = [valueAt(place, 'then') ?? true, valueAt(place, 'else') ?? true].map((schema) => schemaAt(schema, proof.to));
  const follows = (known: Facts, schema: Schema | undefined): boolean =>
    schema === undefined || proof.holds(known, schema, '').length === 0;
  const asked = schemaAt(condition, proof.to);
  const isKnown = facts.all.some((own) => {
    const before = valueAt(own, 'if');
    if (before === undefined || !proof.isEquivalent(schemaAt(before, facts.side), asked)) return false;
    const branch = (keyword: string): Facts => withSchema(facts, schemaAt(valueAt(own, keyword) ?? true, facts.side));
    return follows(branch('then'), then) && follows(branch('else'), otherwise);
  });
  if (isKnown || (follows(facts, otherwise) && (isDisjoint(proof, facts, asked, 0) || follows(facts, then)))) return HOLDS;
  return [{ pointer: pointerOf(place, 'if'), detail: 'asks more under its condition' }];
}

function holdsRules(facts: Facts, place: Subschema): Reasons {
  const sources = (of: Subschema): unknown[] => listAt(of, 'x-rules').map((each) => (isJsonObject(each) ? each['rule'] : undefined));
  const known = new Set(facts.all.flatMap(sources));
  return sources(place).flatMap((rule, index) =>
    known.has(rule)
      ? []
      : [{ pointer: pointerOf(place, 'x-rules', index), detail: `asks for ${JSON.stringify(rule)}, which was not asked for` }],
  );
}
