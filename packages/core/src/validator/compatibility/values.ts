/** Keywords about the value itself: its type, the values named, limits, and how strings are written. */
import type { Subschema } from '../engine/resource.ts';
import { nameOfType, showExpected, showList } from '../engine/show.ts';
import { isSame, pointerOf, type Reason, type Reasons } from './proof.ts';
import { type Facts, isWhole, type KindName, kindsOf, valueAt, valuesOf } from './facts.ts';
import { keepsLimit, keepsMultiple, LIMITS } from './limits.ts';

export function holdsValue(facts: Facts, place: Subschema): Reasons {
  const kinds = kindsOf(facts);
  return [
    ...holdsType(facts, place, kinds),
    ...holdsNamed(facts, place),
    ...holdsLimits(facts, place, kinds),
    ...holdsText(facts, place, kinds),
  ];
}

function holdsType(facts: Facts, place: Subschema, kinds: ReadonlySet<KindName>): Reasons {
  const type = valueAt(place, 'type');
  if (type === undefined) return [];
  const names = new Set(Array.isArray(type) ? type : [type]);
  const wholeOnly = names.has('integer') && !names.has('number');
  const refused = [...kinds].flatMap((kind) => {
    if (kind === 'number' && wholeOnly) return isWhole(facts) ? [] : ['a number with a fraction'];
    return names.has(kind) ? [] : [nameOfType(kind)];
  });
  if (refused.length === 0) return [];
  const detail = refused.length > 3 ? `admits ${[...names].map(nameOfType).join(' or ')} only` : `does not admit ${refused.join(' or ')}`;
  return [{ pointer: pointerOf(place, 'type'), detail }];
}

function holdsNamed(facts: Facts, place: Subschema): Reasons {
  return ['enum', 'const'].flatMap((keyword) => {
    const expected = valueAt(place, keyword);
    if (expected === undefined || valuesOf(facts, keyword).some((own) => isSame(own, expected))) return [];
    const values = keyword === 'enum' && Array.isArray(expected) ? showList(expected) : showExpected(expected);
    return [{ pointer: pointerOf(place, keyword), detail: `admits ${values} only` }];
  });
}

function holdsLimits(facts: Facts, place: Subschema, kinds: ReadonlySet<KindName>): Reasons {
  const reasons: Reason[] = [];
  for (const [keyword, { kind }] of Object.entries(LIMITS)) {
    const limit = valueAt(place, keyword);
    if (typeof limit !== 'number' || !kinds.has(kind)) continue;
    // In draft 4 a flag beside the limit makes it stricter than its number says.
    const exclusive = `exclusive${keyword.replace('m', 'M')}`;
    const isOpen = valueAt(place, exclusive) === true;
    if (!keepsLimit(facts, isOpen ? exclusive : keyword, limit))
      reasons.push({ pointer: pointerOf(place, keyword), detail: `is stricter, with ${limit}` });
  }
  const step = valueAt(place, 'multipleOf');
  if (typeof step === 'number' && kinds.has('number') && !keepsMultiple(facts, step))
    reasons.push({ pointer: pointerOf(place, 'multipleOf'), detail: `is stricter, with ${step}` });
  return reasons;
}

/** Whether one pattern implies another is not asked; only the same one does. */
function holdsText(facts: Facts, place: Subschema, kinds: ReadonlySet<KindName>): Reasons {
  if (!kinds.has('string')) return [];
  const { options } = facts.side.compiler;
  return ['pattern', 'format'].flatMap((keyword) => {
    const value = valueAt(place, keyword);
    if (typeof value !== 'string' || valuesOf(facts, keyword).includes(value)) return [];
    if (keyword === 'format' && (!options.assertsFormat || options.format(value) === undefined)) return [];
    return [{ pointer: pointerOf(place, keyword), detail: `asks for ${showExpected(value)}, which was not asked for` }];
  });
}
