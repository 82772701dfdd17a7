import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';
import { compileTemplate } from './template.ts';

const scope = { input: JSON.parse('{"a":2,"n":1.5,"s":"x","list":[1,2,3],"__proto__":{"q":1}}'), response: { status: 202 } };
const names = ['input', 'response'];

function render(value: Parameters<typeof compileTemplate>[0]) {
  const compiled = compileTemplate(value, names);
  if (!compiled.ok) throw new Error(compiled.detail);
  return compiled.value.render(scope);
}

describe('a template', () => {
  it('takes the value and type of a single expression', () => {
    expect(render({ amount: '${input.a * 2}', list: ['${input.list}'], same: 7, accepted: '${response.status == 202}' })).toEqual({
      amount: 4,
      list: [[1, 2, 3]],
      same: 7,
      accepted: true,
    });
  });

  it('joins several expressions and the text around them', () => {
    expect(render('/orders/${input.s}/${input.a + 1}?of=${input.list}')).toBe('/orders/x/3?of=[1,2,3]');
  });

  it('respects braces and quotes inside an expression', () => {
    expect(render('${{"k": "}"}}')).toEqual({ k: '}' });
  });

  it('reads prototype names as ordinary members', () => {
    expect(render('${input.__proto__}')).toEqual({ q: 1 });
    expect(() => render('${input.constructor}')).toThrow('No such key');
  });

  it.each([
    ['${input.a', 'does not close'],
    ['${nobody.a}', 'Unknown variable'],
    ['${input.a +}', ''],
    [`\${${'(1)+'.repeat(600)}1}`, ''],
  ])('refuses %s when it is compiled', (text, detail) => {
    const compiled = compileTemplate(text, names);
    expect(compiled).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });
});

describe('an expression', () => {
  it('matches patterns in linear time', () => {
    const compiled = compileExpression('input.s.matches("^(a+)+$")', ['input']);
    if (!compiled.ok) throw new Error(compiled.detail);
    const before = performance.now();
    expect(compiled.value.evaluate({ input: { s: `${'a'.repeat(40)}!` } })).toBe(false);
    // An engine that goes back takes years for this, so any moment will do, however busy the machine is.
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('refuses to walk long lists inside one another', () => {
    const compiled = compileExpression('input.all(x, input.all(y, input.exists(z, z == x + y)))', ['input']);
    if (!compiled.ok) throw new Error(compiled.detail);
    expect(() => compiled.value.evaluate({ input: Array.from({ length: 1_000 }, (_, i) => i) })).toThrow('too long');
  });
});
