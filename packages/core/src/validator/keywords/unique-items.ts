/** `uniqueItems`, by a set of what equal items share. */
import type { Json } from '../../json.ts';
import { type Key, keyOf } from '../engine/equality.ts';
import { type Run, spend } from '../engine/run.ts';
import { read } from '../engine/site.ts';
import { assertion, single } from './assertion.ts';

export const uniqueItems = single('uniqueItems', { vocabulary: 'validation' }, (site) => {
  if (read(site, 'uniqueItems') !== true) return null;
  return assertion(
    site,
    'array',
    'uniqueItems',
    (items, run) => equalItems(items, run) === null,
    (items, run) => {
      const [first, second] = equalItems(items, run) ?? [0, 0];
      return [`must not have equal items; items ${first} and ${second} are`, { items: [first, second] }];
    },
  );
});

/** Indexes of the first two items that are equal. */
function equalItems(items: readonly Json[], run: Run): readonly [number, number] | null {
  if (items.length < 2) return null;
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
