import { expect, it } from 'vitest';
import { exampleOf } from './example.ts';

it('fills in what a schema requires, with what it says of each member', () => {
  const schema = {
    type: 'object',
    required: ['name', 'qty', 'size', 'to', 'on', 'kind'],
    properties: {
      name: { type: 'string' },
      qty: { type: 'integer', minimum: 1 },
      size: { enum: ['s', 'm'] },
      to: { type: 'object', required: ['city'], properties: { city: { type: 'string', examples: ['Porto'] }, zip: { type: 'string' } } },
      on: { default: '2026-01-01' },
      kind: { const: 'x' },
      note: { type: 'string' },
    },
  };
  expect(exampleOf(schema)).toEqual({ name: '', qty: 1, size: 's', to: { city: 'Porto' }, on: '2026-01-01', kind: 'x' });
});

it('names every member where none is required, and begins empty where nothing is said', () => {
  expect(exampleOf({ properties: { a: { type: ['string', 'null'] }, b: {} } })).toEqual({ a: '', b: {} });
  expect([exampleOf(true), exampleOf(undefined), exampleOf({})]).toEqual([{}, {}, {}]);
});
