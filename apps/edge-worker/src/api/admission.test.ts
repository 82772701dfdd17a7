import { describe, expect, it } from 'vitest';
import { Presence } from '../presence.ts';
import { Admission } from './admission.ts';

const MIB = 1_048_576;
const still = { now: () => 0, random: () => 0 };

describe('the admission of submits', () => {
  it('has so many places for each namespace, and takes none from another', () => {
    const admission = new Admission({ submits: 2 }, still);
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeUndefined();
    expect(admission.enter('quiet', 100)).toBeDefined();
  });

  it('has a place again once one is left, however often it is left', () => {
    const admission = new Admission({ submits: 2 }, still);
    const stay = admission.enter('busy', 100);
    admission.enter('busy', 100);
    stay?.leave();
    stay?.leave();
    expect(admission.enter('busy', 100)).toBeDefined();
    expect(admission.enter('busy', 100)).toBeUndefined();
  });

  it('counts what bodies weigh together, and lets a large one in when nothing else is under way', () => {
    const admission = new Admission({ submits: 100 }, still);
    const stay = admission.enter('busy', 8 * MIB);
    expect(stay).toBeDefined();
    expect(admission.enter('busy', 1)).toBeUndefined();
    stay?.leave();
    expect(admission.enter('busy', 1 * MIB)).toBeDefined();
    expect(admission.enter('busy', 8 * MIB)).toBeUndefined();
    expect(admission.enter('busy', 1 * MIB)).toBeDefined();
  });

  it('has a place again when a request was dropped without a word', () => {
    let now = 0;
    const admission = new Admission({ submits: 1 }, { now: () => now, random: () => 0 });
    admission.enter('busy', 100);
    expect(admission.enter('busy', 100)).toBeUndefined();
    now = 60_000;
    expect(admission.enter('busy', 100)).toBeDefined();
  });

  it('works on few at a time of each while others are there, in the order they came', async () => {
    const presence = new Presence(still.now);
    const admission = new Admission({ submits: 10, besideOthers: { atWork: 2, presence } }, still);
    presence.saw('busy');
    expect([1, 2, 3].map(() => admission.enter('busy', 1)?.turn)).toEqual([undefined, undefined, undefined]);
    presence.saw('quiet');
    expect(admission.enter('quiet', 1)?.turn).toBeUndefined();
    const begun: number[] = [];
    const stays = Array.from({ length: 6 }, () => admission.enter('other', 1));
    stays.forEach((stay, i) => void Promise.resolve(stay?.turn).then(() => begun.push(i)));
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    stays[0]?.leave();
    // One that goes away while it waits lets nobody else begin.
    stays[5]?.leave();
    await new Promise((done) => setImmediate(done));
    expect(begun).toEqual([0, 1, 2]);
  });

  it('holds refusals back, but not more and more of them, and holds again once the flood is over', async () => {
    let now = 0;
    const admission = new Admission({ submits: 1 }, { now: () => now, random: () => 0 });
    const isHeld = async (): Promise<boolean> => {
      let isThere = false;
      void admission.refusal().then(() => (isThere = true));
      await new Promise((done) => setImmediate(done));
      return !isThere;
    };
    expect(await isHeld()).toBe(true);
    for (let i = 0; i < 5_000; i++) void admission.refusal();
    expect(await isHeld()).toBe(false);
    now = 10_000;
    expect(await isHeld()).toBe(true);
  });

  it('refuses with 429, and says when to come back', async () => {
    const { status, code, options } = await new Admission({ submits: 1 }, still).refusal();
    expect({ status, code, headers: options.headers }).toEqual({ status: 429, code: 'too_many_submits', headers: { 'retry-after': '1' } });
  });
});
