import { MAX_GROUP } from '@errand/core/ledger/pending-commands';
import { describe, expect, it } from 'vitest';
import { Company } from './company.ts';

describe('the objects of an isolate', () => {
  it('make small commits while another namespace submits, and large ones alone', () => {
    let now = 0;
    const company = new Company(() => now);
    company.saw('busy');
    expect(company.groupSize).toBe(MAX_GROUP);
    company.saw('neighbour');
    expect(company.groupSize).toBeLessThan(MAX_GROUP);
    now = 900;
    company.saw('busy');
    expect(company.groupSize).toBeLessThan(MAX_GROUP);
    now = 1_500;
    expect(company.groupSize).toBe(MAX_GROUP);
  });
});
