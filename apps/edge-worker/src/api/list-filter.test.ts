import { describe, expect, it } from 'vitest';
import { listFilter } from './list-filter.ts';

describe('the filters createdAfter and createdBefore', () => {
  it('take an RFC 3339 time, in any zone', () => {
    const query = { createdAfter: '2030-01-01T09:00:00Z', createdBefore: '2030-01-01T12:00:00.5+02:00' };
    expect(listFilter(query)).toMatchObject({
      createdAfter: Date.UTC(2030, 0, 1, 9),
      createdBefore: Date.UTC(2030, 0, 1, 10, 0, 0, 500),
    });
  });

  it.each(['2030', '2030-01-01', '2030-01-01T09:00:00', '2030-02-30T09:00:00Z', '1 Jan 2030', ''])('refuse "%s"', (text) => {
    for (const name of ['createdAfter', 'createdBefore'])
      expect(() => listFilter({ [name]: text })).toThrow(`The parameter "${name}" must be an RFC 3339 time`);
  });
});
