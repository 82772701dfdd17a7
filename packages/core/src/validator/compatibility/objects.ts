/** Keywords of objects: what holds for a property is what every schema says of its name. */
import type { Json } from '../../json.ts';
import type { Subschema } from '../engine/resource.ts';
import { HOLDS, isValid, pointerOf, type Proof, type Reasons } from './proof.ts';
import type { Side } from './side.ts';
import { type Facts, factsOf, listAt, objectAt, referenceOf, type Schema, schemaAt, valueAt, valuesOf, withSchema } from './facts.ts';

export function holdsObject(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return [
    ...holdsRequired(proof, facts, place),
    ...holdsDeclared(proof, facts, place),
    ...holdsPatterns(proof, facts, place),
    ...holdsAdditional(proof, facts, place),
    ...holdsNames(proof, facts, place),
    ...holdsDependents(proof, facts, place),
    ...holdsUnevaluated(facts, place),
  ];
}

/** What the facts say of the property of a name. */
export function propertyFacts({ all, never, side }: Facts, name: string): Facts {
  return factsOf([...(never ? [false] : []), ...all.flatMap((place) => schemasFor(place, name, side))], side);
}

/** Steps that looking for a property in one schema takes. */
const COST_OF_A_LOOK = 12;

function schemasFor(place: Subschema, name: string, side: Side): Schema[] {
  const declared = objectAt(place, 'properties');
  const named = Object.hasOwn(declared, name) ? [schemaAt(declared[name], side)] : [];
  side.spend(COST_OF_A_LOOK);
  const matching = patternsOf(place)
    .filter(([source]) => side.matches(source, name))
    .map(([, schema]) => schemaAt(schema, side));
  const found = [...named, ...matching];
  const additional = valueAt(place, 'additionalProperties');
  return found.length > 0 || additional === undefined ? found : [schemaAt(additional, side)];
}

function patternsOf(place: Subschema): readonly (readonly [string, Json])[] {
  return Object.entries(objectAt(place, 'patternProperties'));
}

export function isRequired(facts: Facts, name: string): boolean {
  return facts.all.some((place) => listAt(place, 'required').includes(name));
}

/** A property that is filled in where it is missing may be required at any time. */
function holdsRequired({ to }: Proof, facts: Facts, place: Subschema): Reasons {
  const properties = objectAt(place, 'properties');
  return listAt(place, 'required').flatMap((name) => {
    if (typeof name !== 'string' || isRequired(facts, name)) return [];
    if (Object.hasOwn(properties, name) && hasDefault(schemaAt(properties[name], to), to)) return [];
    return [{ pointer: pointerOf(place, 'required'), detail: `requires the property ${JSON.stringify(name)}, which was not required` }];
  });
}

function hasDefault(schema: Schema, side: Side): boolean {
  for (
    let at: Schema | null = schema, hops = 0;
    at !== null && typeof at !== 'boolean' && hops < 8;
    at = referenceOf(at, side), hops += 1
  ) {
    if (Object.hasOwn(at.schema, 'default')) return true;
  }
  return false;
}

function holdsDeclared(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return Object.entries(objectAt(place, 'properties')).flatMap(([name, schema]) => {
    const pointer = pointerOf(place, 'properties', name);
    const reasons = proof.holds(propertyFacts(facts, name), schemaAt(schema, proof.to), pointer);
    if (reasons.length === 0 || proof.unnamed === 'anything' || isNamed(facts, name)) return reasons;
    proof.note({ pointer, detail: 'is refused where a value had this property before its schema named it' });
    return HOLDS;
  });
}

/** Some schema says something of a property: by its name, by a pattern, or of all that have no name. */
function isNamed(facts: Facts, name: string): boolean {
  const says = (place: Subschema): boolean =>
    ['additionalProperties', 'unevaluatedProperties'].some((keyword) => (valueAt(place, keyword) ?? true) !== true);
  return isRequired(facts, name) || facts.all.some((place) => says(place) || schemasFor(place, name, facts.side).length > 0);
}

function holdsPatterns(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return patternsOf(place).flatMap(([source, schema]) => {
    const pointer = pointerOf(place, 'patternProperties', source);
    const ways = waysOf(facts).map((own) => {
      const same = (own === null ? [] : patternsOf(own)).find(([other]) => other === source);
      const target = schemaAt(schema, proof.to);
      if (same !== undefined) return proof.holds(factsOf([schemaAt(same[1], facts.side)], facts.side), target, pointer);
      return holdsOthers(
        proof,
        facts,
        own,
        target,
        pointer,
        (name) => proof.to.matches(source, name),
        () => false,
      );
    });
    return shortest(ways);
  });
}

function holdsAdditional(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const schema = valueAt(place, 'additionalProperties');
  if (schema === undefined) return HOLDS;
  const declared = objectAt(place, 'properties');
  const patterns = patternsOf(place).map(([source]) => source);
  const isMeant = (name: string): boolean => !Object.hasOwn(declared, name) && !patterns.some((source) => proof.to.matches(source, name));
  const target = schemaAt(schema, proof.to);
  const pointer = pointerOf(place, 'additionalProperties');
  const isCovered = (source: string): boolean => patterns.includes(source);
  return shortest(waysOf(facts).map((own) => holdsOthers(proof, facts, own, target, pointer, isMeant, isCovered)));
}

/**
 * Whether names that nobody may have declared are bound by `target`, by what one schema says of all names: those it
 * declares, those of its patterns, and the rest.
 */
function holdsOthers(
  proof: Proof,
  facts: Facts,
  own: Subschema | null,
  target: Schema,
  pointer: string,
  isMeant: (name: string) => boolean,
  isCovered: (pattern: string) => boolean,
): Reasons {
  const { side } = facts;
  if (own === null) {
    return target === false
      ? [{ pointer, detail: 'does not admit properties that it does not name' }]
      : proof.holds(factsOf([true], side), target, pointer);
  }
  const declared = Object.keys(objectAt(own, 'properties')).filter(isMeant);
  const patterns = patternsOf(own).filter(([source]) => !isCovered(source));
  const rest = proof.holds(factsOf([schemaAt(valueAt(own, 'additionalProperties') ?? true, side)], side), target, pointer);
  return [
    ...declared.flatMap((name) => {
      const reasons = proof.holds(propertyFacts(facts, name), target, pointer);
      return target === false && reasons.length > 0
        ? [{ pointer, detail: `does not admit the property ${JSON.stringify(name)}` }]
        : reasons;
    }),
    ...patterns.flatMap(([, schema]) => proof.holds(factsOf([schemaAt(schema, side)], side), target, pointer)),
    ...(target === false && rest.length > 0 ? [{ pointer, detail: 'does not admit properties that it does not name' }] : rest),
  ];
}

/** The schemas among the facts that may say something of all names; `null` stands for saying nothing. */
function waysOf({ all }: Facts): readonly (Subschema | null)[] {
  const ways = all.filter((place) => valueAt(place, 'additionalProperties') !== undefined || patternsOf(place).length > 0);
  return ways.length === 0 ? [null] : ways;
}

function shortest(ways: readonly Reasons[]): Reasons {
  return ways.reduce((a, b) => (b.length < a.length ? b : a));
}

function holdsNames(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const schema = valueAt(place, 'propertyNames');
  if (schema === undefined) return HOLDS;
  const target = schemaAt(schema, proof.to);
  const own = valuesOf(facts, 'propertyNames').map((names) => schemaAt(names, facts.side));
  if (own.some((names) => proof.holds(factsOf([names], facts.side), target, '').length === 0)) return HOLDS;
  const names = closedNames(facts);
  const isAdmitted = (name: string): boolean => (typeof target === 'boolean' ? target : isValid(name, target, proof.to));
  if (names?.every(isAdmitted) === true) return HOLDS;
  return [{ pointer: pointerOf(place, 'propertyNames'), detail: 'asks more of the names of properties' }];
}

/** All names an object of the facts may have, where these are known. */
export function closedNames({ all }: Facts): readonly string[] | null {
  const closed = all.find((place) => valueAt(place, 'additionalProperties') === false && patternsOf(place).length === 0);
  return closed === undefined ? null : Object.keys(objectAt(closed, 'properties'));
}

function holdsDependents(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return ['dependentRequired', 'dependentSchemas', 'dependencies'].flatMap((keyword) =>
    Object.entries(objectAt(place, keyword)).flatMap(([name, needed]): Reasons => {
      if (proof.isImpossible(propertyFacts(facts, name))) return HOLDS;
      const pointer = pointerOf(place, keyword, name);
      const own = facts.all.flatMap((each) =>
        ['dependentRequired', 'dependentSchemas', 'dependencies'].map((other) => objectAt(each, other)[name]),
      );
      if (Array.isArray(needed)) {
        const known = new Set(own.flatMap((names) => (Array.isArray(names) ? names : [])));
        const missing = needed.filter((other) => typeof other === 'string' && !known.has(other) && !isRequired(facts, other));
        return missing.map((other) => ({ pointer, detail: `requires ${JSON.stringify(other)} beside ${JSON.stringify(name)}` }));
      }
      const applied = own.filter((schema) => schema !== undefined && !Array.isArray(schema)).map((schema) => schemaAt(schema, facts.side));
      return proof.holds(applied.reduce<Facts>(withSchema, facts), schemaAt(needed, proof.to), pointer);
    }),
  );
}

/** Only an object whose names are all known, and declared right here, leaves surely nothing unevaluated. */
function holdsUnevaluated(facts: Facts, place: Subschema): Reasons {
  const schema = valueAt(place, 'unevaluatedProperties');
  if (schema === undefined || schema === true) return HOLDS;
  const declared = objectAt(place, 'properties');
  if (closedNames(facts)?.every((name) => Object.hasOwn(declared, name)) === true) return HOLDS;
  return [{ pointer: pointerOf(place, 'unevaluatedProperties'), detail: 'cannot be compared with what was there' }];
}
