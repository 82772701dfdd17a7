import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { Command } from '../command.ts';
import { after, ANN, answer, BEN, claim, given, manual, spec, START, verb } from './given.fixture.ts';
import { decide } from './decide.ts';

const EVE = { id: 'eve', groups: [] } as const;
const complete = (person: typeof ANN | typeof BEN): Command => ({ type: 'complete', actor: SYSTEM, person, output: { ok: true } });
const fail = (person: typeof ANN | typeof BEN): Command => ({
  type: 'fail',
  actor: SYSTEM,
  person,
  code: 'no_goods',
  message: 'Sold out.',
});
const release = (person: typeof ANN | typeof BEN): Command => ({ type: 'release', actor: SYSTEM, person });
const held = given(manual(), claim(ANN));

describe('a claim', () => {
  it('is for candidates: by name, by group, or everybody where there are none', () => {
    const ops = given(manual({ candidates: { users: [], groups: ['ops'] } }));
    const eve = given(manual({ candidates: { users: ['eve'], groups: [] } }));
    expect([answer(ops, claim(ANN)), answer(ops, claim(EVE))]).toEqual([['task.claimed'], 'not_candidate']);
    expect([answer(eve, claim(ANN)), answer(eve, claim(EVE))]).toEqual(['not_candidate', ['task.claimed']]);
    expect(answer(given(manual()), claim(EVE))).toEqual(['task.claimed']);
  });

  it('tells the loser who holds the task and since when', () => {
    expect(decide(held, claim(BEN), START + 9)).toMatchObject({
      ok: false,
      rejection: { code: 'already_claimed', extra: { holder: { id: 'ann', name: 'Ann' }, since: new Date(START + 1).toISOString() } },
    });
  });

  it('tells nobody who holds a task that they may not take', () => {
    const users = given(manual({ candidates: { users: ['ann'], groups: [] } }), claim(ANN));
    expect(answer(users, claim(BEN))).toBe('not_candidate');
  });
});

describe('the holder alone', () => {
  it.each([complete, fail, release])('ends or releases the task', (command) => {
    expect(answer(held, command(BEN))).toBe('not_holder');
    expect(answer(given(manual()), command(ANN))).toBe('not_holder');
    expect(answer(held, command(ANN))).toHaveLength(1);
  });

  it('gives way to an administrator, who may take the task from them', () => {
    const released = after(held, { ...release(BEN), asAdmin: true } as Command, START + 9);
    expect(released).toMatchObject({ status: 'waiting', manual: { state: 'ready' } });
    expect(answer(released, claim(BEN))).toEqual(['task.claimed']);
  });
});

describe('a person', () => {
  it('fails a task for good: it is not tried again', () => {
    expect(after(held, fail(ANN), START + 9)).toMatchObject({ status: 'failed', error: { code: 'no_goods', retryable: false } });
  });

  it('does nothing to a paused task, nor to one that is not manual', () => {
    expect(answer(after(held, verb('pause'), START + 5), complete(ANN))).toBe('wrong_state');
    expect(answer(given(spec()), claim(ANN))).toBe('wrong_state');
  });
});
