/** `uniqueItems`, by a set of what equal items share; a short array of primitives is compared item by item. */
import type { Json } from '../../json.ts';
import { type Key, keyOf } from '../engine/equality.ts';
import { type Run, spend } from '../engine/run.ts';
import { read } from '../engine/site.ts';
import { assertion, single } from './assertion.ts';

/** Up to here comparing every pair is faster than a set. */
const SHORT = 8;

export const uniqueItems = single('uniqueItems', { vocabulary: 'validation' }, (site) => {
  if (read(site, 'uniqueItems') !== true) return null;
  return assertion(site, 'array', 'uniqueItems', areUnique, (items, run) => {
    const [first, second] = equalItems(items, run) ?? [0, 0];
    return { expected: `must not have equal items, as ${first} and ${second} are`, params: { items: [first, second] } };
  });
});

function areUnique(items: readonly Json[], run: Run): boolean {
  if (items.length > SHORT) return equalItems(items, run) === null;
  spend(run, SHORT);
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item !== null && typeof item === 'object') return equalItems(items, run) === null;
    if (items.indexOf(item ?? null) !== index) return false;
  }
  return true;
}

/** Indexes of the first two items that are equal. */
function equalItems(items: readonly Json[], run: Run): readonly [number, number] | null {
  spend(run, 2 * items.length);
  const seen = new Map<Key, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, run);
    const first = seen.get(key);
    if (first !== undefined) return [first, index];
    seen.set(key, index);
  }
  return null;
}
