import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

const MIB = 1_048_576;
const soon = (): number => 0;

describe('the admission of submits', () => {
  it('has so many places for each namespace, and takes none from another', () => {
    const admission = new Admission(2, soon);
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeUndefined();
    expect(admission.enter('quiet', 100)).toBeDefined();
  });

  it('has a place again once one is left, however often it is left', () => {
    const admission = new Admission(2, soon);
    const leave = admission.enter('busy', 100);
    admission.enter('busy', 100);
    leave?.();
    leave?.();
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeUndefined();
  });

  it('counts what bodies weigh together, and lets a large one in when nothing else is under way', () => {
    const admission = new Admission(100, soon);
    const leave = admission.enter('busy', 8 * MIB);
    expect(leave).toBeDefined();
    expect(admission.enter('busy', 1)).toBeUndefined();
    leave?.();
    expect(admission.enter('busy', 1 * MIB)).toBeDefined();
    expect(admission.enter('busy', 8 * MIB)).toBeUndefined();
    expect(admission.enter('busy', 1 * MIB)).toBeDefined();
  });

  it('refuses with 429, and says when to come back', async () => {
    const { status, code, options } = await new Admission(1, soon).refusal();
    expect({ status, code, headers: options.headers }).toEqual({ status: 429, code: 'too_many_submits', headers: { 'retry-after': '1' } });
  });
});
