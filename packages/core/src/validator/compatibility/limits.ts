/** Limits of numbers, lengths and sizes: whether what the facts say is at least as strict. */
import { multipleOf } from '../engine/multiple.ts';
import { type Facts, isWhole, type KindName, listAt, numbersOf, objectAt, valueAt } from './facts.ts';

/** Keywords that are a limit of one kind of value, with the ones that say the same of the other side. */
export const LIMITS: Readonly<Record<string, { readonly kind: KindName; readonly upper: boolean }>> = {
  minimum: { kind: 'number', upper: false },
  exclusiveMinimum: { kind: 'number', upper: false },
  maximum: { kind: 'number', upper: true },
  exclusiveMaximum: { kind: 'number', upper: true },
  minLength: { kind: 'string', upper: false },
  maxLength: { kind: 'string', upper: true },
  minItems: { kind: 'array', upper: false },
  maxItems: { kind: 'array', upper: true },
  minProperties: { kind: 'object', upper: false },
  maxProperties: { kind: 'object', upper: true },
};

interface Bound {
  readonly value: number;
  readonly open: boolean;
}

/** The strictest bound that the facts put on a number, a length or a size. */
export function boundOf(facts: Facts, keyword: string): Bound {
  const { upper } = LIMITS[keyword] ?? { upper: false };
  const stem = keyword.replace(/^exclusive/, '').replace(/^M/, 'm');
  const isNumber = stem === 'minimum' || stem === 'maximum';
  const sign = upper ? -1 : 1;
  const bounds: Bound[] = numbersOf(facts, stem).map((value) => ({ value, open: false }));
  if (isNumber) {
    const name = upper ? 'exclusiveMaximum' : 'exclusiveMinimum';
    bounds.push(...numbersOf(facts, name).map((value) => ({ value, open: true })));
  }
  if (keyword === 'minProperties')
    bounds.push({ value: new Set(facts.all.flatMap((place) => listAt(place, 'required'))).size, open: false });
  if (keyword === 'maxProperties') bounds.push({ value: mostProperties(facts), open: false });
  const none: Bound = { value: upper ? Infinity : isNumber ? -Infinity : 0, open: false };
  const strictest = bounds.reduce((a, b) => (sign * (b.value - a.value) > 0 || (b.value === a.value && b.open) ? b : a), none);
  if (!isNumber || !isWhole(facts) || !Number.isFinite(strictest.value)) return strictest;
  const whole = upper ? Math.floor(strictest.value) : Math.ceil(strictest.value);
  return { value: whole === strictest.value && strictest.open ? whole + sign : whole, open: false };
}

function mostProperties({ all }: Facts): number {
  const closed = all.filter(
    (place) => valueAt(place, 'additionalProperties') === false && Object.keys(objectAt(place, 'patternProperties')).length === 0,
  );
  return Math.min(Infinity, ...closed.map((place) => Object.keys(objectAt(place, 'properties')).length));
}

/** Says whether the facts keep to the limit of a keyword. */
export function keepsLimit(facts: Facts, keyword: string, limit: number): boolean {
  const { upper } = LIMITS[keyword] ?? { upper: false };
  const bound = boundOf(facts, keyword);
  const open = keyword.startsWith('exclusive');
  const distance = upper ? limit - bound.value : bound.value - limit;
  return distance > 0 || (distance === 0 && (!open || bound.open));
}

export function keepsMultiple(facts: Facts, step: number): boolean {
  if (isWhole(facts) && multipleOf(step)(1)) return true;
  return numbersOf(facts, 'multipleOf').some((own) => multipleOf(step)(own));
}

/** No value can meet the facts' own limits of a kind. */
export function isCrossed(facts: Facts, kind: KindName): boolean {
  const pairs: Partial<Record<KindName, readonly [string, string]>> = {
    number: ['minimum', 'maximum'],
    string: ['minLength', 'maxLength'],
    array: ['minItems', 'maxItems'],
    object: ['minProperties', 'maxProperties'],
  };
  const pair = pairs[kind];
  if (pair === undefined) return false;
  const [low, high] = [boundOf(facts, pair[0]), boundOf(facts, pair[1])];
  return low.value > high.value || (low.value === high.value && (low.open || high.open));
}
