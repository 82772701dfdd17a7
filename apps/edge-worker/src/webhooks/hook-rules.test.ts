import { ExpressionFault } from '@errand/core/expression';
import type { JsonObject } from '@errand/core/json';
import { describe, expect, it } from 'vitest';
import { chooseAction, compileHookRules, type HookRule } from './hook-rules.ts';

function choose(rules: readonly HookRule[], event: unknown, headers: Record<string, string> = {}) {
  const compiled = compileHookRules(rules);
  if (!compiled.ok) throw new Error(compiled.faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join());
  return chooseAction(compiled.rules, { event, headers });
}

const submit = (type: string): JsonObject => ({ type, input: { n: '${event.n}' } });

describe('the rules of a hook', () => {
  it('are asked in order, and the first that holds acts alone', () => {
    const rules = [
      { when: '${event.n > 10}', submit: submit('large') },
      { when: '${event.n > 1}', submit: submit('medium') },
      { submit: submit('any') },
    ];
    expect([20, 5, 1].map((n) => choose(rules, { n }))).toEqual(
      ['large', 'medium', 'any'].map((type, i) => ({ kind: 'submit', task: { type, input: { n: [20, 5, 1][i] } } })),
    );
  });

  it('pass over a condition that this event has no member for, and say so only when none acts', () => {
    const rules = [{ when: "${event.kind == 'a'}", submit: submit('a') }];
    expect(choose([...rules, { submit: submit('b') }], { n: 1 })).toMatchObject({ kind: 'submit', task: { type: 'b' } });
    expect(choose(rules, { n: 1 })).toMatchObject({ kind: 'ignore', faults: [expect.stringContaining('kind')] });
    expect(choose(rules, { kind: 'b' })).toEqual({ kind: 'ignore', faults: [] });
  });

  it('take nothing but true for a condition that holds', () => {
    for (const when of ["${'true'}", '${1}', '${event.n}'])
      expect(choose([{ when, submit: submit('a') }], { n: 'yes' }).kind).toBe('ignore');
  });

  it('see the headers, in lower case', () => {
    const rules = [{ when: "${headers['x-kind'] == 'a'}", complete: { correlation: '${event.id}', output: '${event}' } }];
    expect(choose(rules, { id: 7 }, { 'x-kind': 'a' })).toEqual({ kind: 'complete', correlation: '7', output: { id: 7 } });
  });

  it.each([[{}], [''], [null], [['a']], ['x'.repeat(513)], ['a\0b'], ['\ud800']])('refuse the correlation %j', (id) => {
    expect(() => choose([{ complete: { correlation: '${event.id}', output: null } }], { id })).toThrow(ExpressionFault);
  });

  it('name every template that does not compile', () => {
    const compiled = compileHookRules([
      { when: '${event.a} ${event.b}', submit: { type: 't', input: { a: '${nothing}' } } },
      { when: 'true', complete: { correlation: '${event.', output: '${task.id}' } },
    ]);
    expect(compiled.ok ? [] : compiled.faults.map(({ pointer }) => pointer)).toEqual([
      '/0/when',
      '/0/submit',
      '/1/when',
      '/1/complete/correlation',
      '/1/complete/output',
    ]);
  });
});
