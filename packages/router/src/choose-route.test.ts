import { describe, expect, it } from 'vitest';
import { chooseRoute, type RouteFacts } from './choose-route.ts';
import { compileRules, type RoutingRule } from './rule.ts';

const capture: RouteFacts = {
  namespace: 'acme-test',
  type: 'billing.capture',
  version: 2,
  kind: 'automated',
  tags: ['vip', 'eu'],
  input: { amount: 1500, lines: [{ sku: 'a' }] },
  metadata: { team: 'payments' },
  priority: undefined,
  handler: 'billing.capture@2',
};

function route(rules: readonly RoutingRule[], facts: Partial<RouteFacts> = {}) {
  const compiled = compileRules(rules);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return chooseRoute(compiled.rules, { ...capture, ...facts });
}

describe('a task that no rule matches', () => {
  it.each([
    [{ kind: 'automated' as const }, 'automated', 'automated'],
    [{ kind: 'automated' as const, handler: undefined }, 'worker', 'workers/billing.capture@2'],
    [{ kind: 'integration' as const }, 'integration', 'integration'],
    [{ kind: 'manual' as const }, 'manual', 'inbox'],
  ])('goes by its kind: %o', (facts, executor, lane) => {
    const decision = route([], facts);
    expect(decision.route).toMatchObject({ executor, lane, rule: 'default' });
    expect(decision.route.reason).not.toBe('');
    expect(decision.priority).toBe(3);
  });
});

describe('rules', () => {
  it('are tried in order, and the first that matches decides alone', () => {
    const rules: RoutingRule[] = [
      { name: 'other', type: 'shipping.*', route: { lane: 'shipping' } },
      { name: 'first', type: 'billing.*', route: { priority: 1 } },
      { name: 'second', type: 'billing.*', route: { lane: 'billing', priority: 5 } },
    ];
    const decision = route(rules);
    expect(decision).toMatchObject({ priority: 1, route: { rule: 'first', executor: 'automated', lane: 'automated' } });
    expect(decision.route.reason).toContain('"first"');
  });

  it('send automated tasks to remote workers of a lane, whether or not a handler is deployed', () => {
    const rules: RoutingRule[] = [{ name: 'gpu', route: { lane: 'gpu' } }];
    expect(route(rules).route).toMatchObject({ executor: 'worker', lane: 'gpu/billing.capture@2', rule: 'gpu' });
    expect(route(rules, { kind: 'integration' }).route).toMatchObject({ executor: 'integration', rule: 'default' });
  });

  it('leave alone the priority that a submission names', () => {
    expect(route([{ name: 'urgent', route: { priority: 1 } }], { priority: 4 }).priority).toBe(4);
  });

  it.each<[string, Omit<RoutingRule, 'name' | 'route'>, boolean]>([
    ['a name', { type: 'billing.capture' }, true],
    ['a name at its version', { type: 'billing.capture@2' }, true],
    ['another version', { type: 'billing.capture@1' }, false],
    ['a prefix', { type: 'billing.*' }, true],
    ['a prefix that only looks alike', { type: 'bill.*' }, false],
    ['a kind', { kind: 'automated' }, true],
    ['another kind', { kind: 'manual' }, false],
    ['a namespace by prefix', { namespace: 'acme-*' }, true],
    ['another namespace', { namespace: 'acme' }, false],
    ['tags, all of which are there', { tags: ['eu', 'vip'] }, true],
    ['tags, one of which is missing', { tags: ['eu', 'us'] }, false],
    ['input', { when: '${input.amount > 1000 && input.lines.size() == 1}' }, true],
    ['input, written without ${}', { when: 'input.amount > 2000' }, false],
    ['metadata', { when: "${metadata.team == 'payments'}" }, true],
    ['the priority that it would have', { when: '${task.priority == 3}' }, true],
    ['all conditions together', { kind: 'automated', tags: ['vip'], when: '${task.version == 1}' }, false],
    ['an expression that is not a condition', { when: '${input.amount}' }, false],
  ])('match on %s', (_name, conditions, expected) => {
    expect(route([{ name: 'it', ...conditions, route: { priority: 1 } }]).route.rule).toBe(expected ? 'it' : 'default');
  });

  it('whose expression faults on a task do not apply, and the reason says so', () => {
    const { route: chosen } = route([
      { name: 'broken', when: '${input.missing.member == 1}', route: { priority: 1 } },
      { name: 'next', route: { priority: 2 } },
    ]);
    expect(chosen.rule).toBe('next');
    expect(chosen.reason).toMatch(/Rule "broken" did not apply: .*missing/);
  });
});

describe('a list of rules with faults', () => {
  it('is refused with a pointer to every one', () => {
    const compiled = compileRules([
      { name: 'a', when: '${nobody.x == 1}', route: { priority: 1 } },
      { name: 'a', when: '${input.', route: {} },
      { name: 'b', route: { lane: 'inbox' } },
      { name: 'c', kind: 'manual', route: { lane: 'gpu' } },
    ]);
    expect(compiled.ok ? [] : compiled.faults.map(({ pointer }) => pointer)).toEqual([
      '/0/when',
      '/1/name',
      '/1/route',
      '/1/when',
      '/2/route/lane',
      '/3/route/lane',
    ]);
  });
});
