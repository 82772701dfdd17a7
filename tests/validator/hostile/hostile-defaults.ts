/** Defaults that breed, and rules that run away. */
import type { JsonObject } from '@errand/core/json';
import { documentCase, type HostileCase, list, object, schemaCase } from './hostile-case.ts';

const COSTS = /too much work/;
const numbers = (count: number): string => `[${list(count, () => 0).join(', ')}]`;
const rule = (source: string): JsonObject => ({ rule: source, message: 'must hold' });

export const HOSTILE_DEFAULTS: readonly HostileCase[] = [
  schemaCase('a default that fills itself in', () => ({ properties: { a: { $ref: '#', default: {} } } }), /no end/),
  schemaCase(
    'defaults that double 30 times',
    () => ({
      $ref: '#/$defs/0',
      $defs: object(31, (index) => {
        const next = { $ref: `#/$defs/${Math.min(index + 1, 30)}`, default: {} };
        return [String(index), index === 30 ? {} : { properties: { a: next, b: next } }];
      }),
    }),
    /too large/,
  ),
  schemaCase('a default that its schema refuses', () => ({ properties: { a: { type: 'string', default: 5 } } }), /refuses/),
  documentCase(
    'a default of 10 KiB for 20,000 items',
    () => ({ items: { properties: { a: { default: 'x'.repeat(10_240) } } } }),
    () => list(20_000, () => ({})),
    /too large/,
  ),
  documentCase(
    '40 defaults for 20,000 items',
    () => ({ items: { properties: object(40, (index) => [`p${index}`, { default: index }]) } }),
    () => list(20_000, () => ({})),
    /too large|too much work/,
  ),
  documentCase(
    'a property called __proto__ that has a default',
    () => JSON.parse('{"properties": {"__proto__": {"type": "object", "default": {"admin": true}}}, "required": ["__proto__"]}'),
    () => ({}),
  ),
  schemaCase('a rule that is no expression', () => ({ 'x-rules': [rule('self.a >')] }), /not an expression/),
  schemaCase('a rule over what it does not have', () => ({ 'x-rules': [rule('process.exit(1)')] }), /not an expression/),
  schemaCase('33 rules', () => ({ 'x-rules': list(33, () => rule('true')) }), /at most 32/),
  documentCase(
    'a rule that walks a list inside itself',
    () => ({ 'x-rules': [rule('self.all(a, self.all(b, a == b))')] }),
    () => list(20_000, () => 1),
    COSTS,
  ),
  documentCase(
    'a rule that walks lists of its own',
    () => ({ 'x-rules': [rule(`${numbers(60)}.all(a, ${numbers(60)}.all(b, ${numbers(60)}.all(c, ${numbers(60)}.all(d, true))))`)] }),
    () => 1,
    COSTS,
  ),
  documentCase(
    'a rule for each of 50,000 items',
    () => ({ items: { 'x-rules': [rule('self.a < self.b')] } }),
    () => list(50_000, () => ({ a: 1, b: 2 })),
    COSTS,
  ),
  documentCase(
    'a rule with a catastrophic pattern',
    () => ({ 'x-rules': [rule("self.matches('^(a+)+$')")] }),
    () => `${'a'.repeat(50_000)}!`,
    /must hold|too much work/,
  ),
  documentCase(
    'a rule that joins 1 MiB to itself',
    () => ({ 'x-rules': [rule(`(${list(150, () => 'self').join(' + ')}).contains('b')`)] }),
    () => 'a'.repeat(1_000_000),
    COSTS,
  ),
];
