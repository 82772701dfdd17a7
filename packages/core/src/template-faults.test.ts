import { expect, it } from 'vitest';
import { MAX_TEMPLATE_TEXTS, templateFaults } from './template-faults.ts';

it('finds every fault, with the way to it', () => {
  const value = { fine: '${input.a}', list: ['plain', '${nobody.a}'], deep: { open: '${input.a', syntax: 'x ${input.} y' } };
  expect(templateFaults(value, ['input']).map(({ path }) => path.join('/'))).toEqual(['list/1', 'deep/open', 'deep/syntax']);
});

it('compiles no more texts than are allowed', () => {
  const texts = Array.from({ length: MAX_TEMPLATE_TEXTS + 1 }, () => '${input.a}');
  expect(templateFaults(texts, ['input'])).toHaveLength(1);
  expect(templateFaults(texts.slice(1), ['input'])).toEqual([]);
});
