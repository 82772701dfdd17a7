/** Sizes of arrays and objects: `minItems`, `maxItems`, `minProperties`, `maxProperties`. */
import type { KeywordGroup } from '../engine/keyword.ts';
import type { Kinds, Part } from '../engine/node.ts';
import { keysOf } from '../engine/object-keys.ts';
import { spend } from '../engine/run.ts';
import { count } from '../engine/show.ts';
import { readNumber, type Site } from '../engine/site.ts';
import { assertion, type Test } from './assertion.ts';

export const size: KeywordGroup = {
  keywords: {
    minItems: { vocabulary: 'validation' },
    maxItems: { vocabulary: 'validation' },
    minProperties: { vocabulary: 'validation' },
    maxProperties: { vocabulary: 'validation' },
  },
  compile(site) {
    const parts: Part[] = [];
    const [minItems, maxItems] = [readNumber(site, 'minItems'), readNumber(site, 'maxItems')];
    const [minProperties, maxProperties] = [readNumber(site, 'minProperties'), readNumber(site, 'maxProperties')];
    if (minItems !== undefined)
      parts.push(items(site, 'minItems', `at least ${count(minItems, 'item')}`, minItems, (all) => all.length >= minItems));
    if (maxItems !== undefined)
      parts.push(items(site, 'maxItems', `at most ${count(maxItems, 'item')}`, maxItems, (all) => all.length <= maxItems));
    if (minProperties !== undefined)
      parts.push(properties(site, 'minProperties', 'at least', minProperties, (amount) => amount >= minProperties));
    if (maxProperties !== undefined)
      parts.push(properties(site, 'maxProperties', 'at most', maxProperties, (amount) => amount <= maxProperties));
    return parts;
  },
};

function items(site: Site, keyword: string, words: string, limit: number, test: Test<Kinds['array']>): Part {
  return assertion(site, 'array', keyword, test, (all) => ({ expected: `must have ${words}`, got: String(all.length), params: { limit } }));
}

function properties(site: Site, keyword: string, words: string, limit: number, test: (amount: number) => boolean): Part {
  return assertion(
    site,
    'object',
    keyword,
    (object, run) => {
      const amount = keysOf(object, run).length;
      spend(run, amount);
      return test(amount);
    },
    (object, run) => ({
      expected: `must have ${words} ${count(limit, 'property', 'properties')}`,
      got: String(keysOf(object, run).length),
      params: { limit },
    }),
  );
}
