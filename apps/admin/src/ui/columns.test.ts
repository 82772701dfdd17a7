import { expect, it } from 'vitest';
import { columnsOf } from './columns.ts';

it('reads a list of alike, flat things as a table, with every member that any of them has', () => {
  expect(
    columnsOf([
      { part: 'door', cost: 1 },
      { part: 'roof', note: null },
    ]),
  ).toEqual(['part', 'cost', 'note']);
});

it('leaves other lists as they are: nested, wide, plain, or of one', () => {
  const wide = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`c${i}`, i]));
  const lists = [[{ a: 1 }], [{ a: {} }, { a: 1 }], [wide, wide], [1, 2], [{ a: 1 }, null], [{}, {}], [[1], [2]]];
  expect(lists.map(columnsOf)).toEqual(lists.map(() => undefined));
});
