/** The checker can fail: each bug planted on purpose is found, under fixed seeds. */
import { describe, expect, it } from 'vitest';
import { findPlant, MOST_SCHEDULES, readFoundAt } from './find-plants.ts';
import { PLANTS } from './plants.ts';
import { edited } from './source-variant.ts';

const FOUND_AT = readFoundAt();
/** A bug that is no longer where it was is looked for from the first seed on, which takes a while. */
const TIMEOUT_MS = 600_000;

describe('a planted bug', () => {
  it('is one of many, each of its own', () => {
    expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length);
    expect(PLANTS.length).toBeGreaterThanOrEqual(25);
  });

  it('has a seed that found it, and no other has', () => {
    expect(Object.keys(FOUND_AT).toSorted()).toEqual(PLANTS.map(({ name }) => name).toSorted());
  });

  it('must fit the source exactly once, or nothing runs', () => {
    const edit = { file: 'a.ts', find: 'one', replace: 'two' };
    expect(edited('one and $&', [edit])).toBe('two and $&');
    expect(() => edited('none', [{ ...edit, find: 'x' }])).toThrow('has 0 times');
    expect(() => edited('one and one', [edit])).toThrow('has 2 times');
  });

  it.each(PLANTS.map(({ name, harm }) => [name, harm] as const))(
    `"%s" (%s) is found within ${MOST_SCHEDULES} schedules`,
    async (name) => {
      const found = await findPlant(name, FOUND_AT[name], 2);
      expect(found?.violation).toBeDefined();
    },
    TIMEOUT_MS,
  );
});
