/** Keywords of arrays: items by position, all others, and what must be among them. */
import type { Json } from '../../json.ts';
import type { Subschema } from '../engine/resource.ts';
import { HOLDS, pointerOf, type Proof, type Reasons } from './proof.ts';
import type { Side } from './side.ts';
import { type Facts, factsOf, type Schema, schemaAt, valueAt, valuesOf } from './facts.ts';
import { boundOf } from './limits.ts';

export function holdsArray(proof: Proof, facts: Facts, place: Subschema): Reasons {
  return [
    ...holdsItems(proof, facts, place),
    ...holdsUnique(facts, place),
    ...holdsContained(proof, facts, place),
    ...holdsUnevaluated(place),
  ];
}

interface Layout {
  readonly prefix: readonly Json[];
  readonly prefixKeyword: string;
  readonly rest: Json | undefined;
  readonly restKeyword: string;
}

function layoutOf(place: Subschema): Layout {
  const isOld = place.resource.dialect.draft < 2020;
  const prefixKeyword = isOld ? 'items' : 'prefixItems';
  const listed = valueAt(place, prefixKeyword);
  const restKeyword = isOld && Array.isArray(listed) ? 'additionalItems' : 'items';
  return { prefix: Array.isArray(listed) ? listed : [], prefixKeyword, rest: valueAt(place, restKeyword), restKeyword };
}

/** What the facts say of the item at an index. */
function itemFacts({ all, never, side }: Facts, index: number): Facts {
  const schemas = all.flatMap((place) => {
    const { prefix, rest } = layoutOf(place);
    const schema = index < prefix.length ? prefix[index] : rest;
    return schema === undefined ? [] : [schemaAt(schema, side)];
  });
  return factsOf([...(never ? [false] : []), ...schemas], side);
}

function holdsItems(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const { prefix, prefixKeyword, rest, restKeyword } = layoutOf(place);
  const most = boundOf(facts, 'maxItems').value;
  // Behind the longest prefix of all, one item is like another.
  const listed = Math.max(prefix.length, ...facts.all.map((own) => layoutOf(own).prefix.length));
  const reasons = [];
  for (let index = 0; index <= listed && index < most; index += 1) {
    const schema = index < prefix.length ? prefix[index] : rest;
    if (schema === undefined) continue;
    const pointer = index < prefix.length ? pointerOf(place, prefixKeyword, index) : pointerOf(place, restKeyword);
    reasons.push(...proof.holds(itemFacts(facts, index), schemaAt(schema, proof.to), pointer));
  }
  return reasons;
}

function holdsUnique(facts: Facts, place: Subschema): Reasons {
  if (valueAt(place, 'uniqueItems') !== true || valuesOf(facts, 'uniqueItems').includes(true)) return HOLDS;
  if (boundOf(facts, 'maxItems').value <= 1) return HOLDS;
  return [{ pointer: pointerOf(place, 'uniqueItems'), detail: 'does not admit equal items' }];
}

interface Contained {
  readonly schema: Schema;
  readonly min: number;
  readonly max: number;
}

function containedOf(place: Subschema, side: Side): Contained | null {
  const schema = valueAt(place, 'contains');
  if (schema === undefined) return null;
  const [min, max] = [valueAt(place, 'minContains'), valueAt(place, 'maxContains')];
  return { schema: schemaAt(schema, side), min: typeof min === 'number' ? min : 1, max: typeof max === 'number' ? max : Infinity };
}

function holdsContained(proof: Proof, facts: Facts, place: Subschema): Reasons {
  const asked = containedOf(place, proof.to);
  if (asked === null) return HOLDS;
  const own = facts.all.map((each) => containedOf(each, facts.side)).filter((each) => each !== null);
  const enough =
    asked.min === 0 ||
    own.some(({ schema, min }) => min >= asked.min && proof.holds(factsOf([schema], facts.side), asked.schema, '').length === 0);
  const few =
    asked.max === Infinity ||
    boundOf(facts, 'maxItems').value <= asked.max ||
    own.some(({ schema, max }) => max <= asked.max && proof.reversed.holds(factsOf([asked.schema], proof.to), schema, '').length === 0);
  return enough && few ? HOLDS : [{ pointer: pointerOf(place, 'contains'), detail: 'asks more of what is among the items' }];
}

function holdsUnevaluated(place: Subschema): Reasons {
  const schema = valueAt(place, 'unevaluatedItems');
  if (schema === undefined || schema === true) return HOLDS;
  return [{ pointer: pointerOf(place, 'unevaluatedItems'), detail: 'cannot be compared with what was there' }];
}
