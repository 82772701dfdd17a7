import { expect, it } from 'vitest';
import { missingFields } from './missing-fields.ts';

const schema = {
  $defs: { place: { type: 'object', required: ['city'], properties: { city: { type: 'string' }, zip: { type: 'string' } } } },
  type: 'object',
  properties: {
    name: { type: 'string' },
    place: { $ref: '#/$defs/place' },
    trips: { type: 'array', items: { type: 'object', properties: { to: { $ref: '#/$defs/place' } } } },
    owner: { type: 'object', required: ['a/b', 'at'], properties: { 'a/b': { type: 'string' }, at: { $ref: '#/$defs/place' } } },
    notes: { type: 'object', properties: { text: { type: 'string' } } },
    self: { $ref: '#/$defs/none' },
  },
} as const;

it.each([
  ['/name', ['/name']],
  ['/place', ['/place/city']],
  ['/trips/0/to', ['/trips/0/to/city']],
  ['/owner', ['/owner/a~1b', '/owner/at/city']],
  ['/notes', ['/notes']],
  ['/self', ['/self']],
  ['/unknown', ['/unknown']],
])('points at what is to be filled in when %s is missing', (pointer, fields) => {
  expect(missingFields(schema as never, pointer)).toEqual(fields);
});

it('comes to an end where a group requires itself', () => {
  const endless = {
    $defs: { node: { required: ['next'], properties: { next: { $ref: '#/$defs/node' } } } },
    properties: { next: { $ref: '#/$defs/node' } },
  };
  expect(missingFields(endless as never, '/next')).toHaveLength(1);
});
