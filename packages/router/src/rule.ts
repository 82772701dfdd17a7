/**
 * Rules of routing: what a task must be for a rule to apply, and what the rule then decides. Saved as plain data;
 * compiled once, when saved and when loaded, so that a rule that cannot work is refused before it is in force.
 */
import { compileExpression, type Expression } from '@errand/core/expression';
import type { Kind } from '@errand/core/task-type';

/** A rule as it is saved. Every condition that is present must hold. */
export interface RoutingRule {
  /** Unique in its list: it is written on every task that the rule routes. */
  readonly name: string;
  readonly kind?: Kind;
  /** `billing.capture`, `billing.capture@2`, or everything below a prefix: `billing.*`. */
  readonly type?: string;
  /** For a list that several namespaces share: a name, or a prefix `acme-*`. */
  readonly namespace?: string;
  /** All of these. */
  readonly tags?: readonly string[];
  /** An expression over {@link RULE_SCOPE} that must be `true`: `${input.amount > 1000}`. */
  readonly when?: string;
  readonly route: RuleRoute;
}

/** What a rule decides; at least one of the two. */
export interface RuleRoute {
  /** Sends automated tasks to remote workers that poll this lane. */
  readonly lane?: string;
  /** The priority of tasks that were submitted without one. */
  readonly priority?: number;
}

export interface CompiledRule {
  readonly rule: RoutingRule;
  readonly when: Expression | undefined;
}

/** Something wrong in a list of rules. */
export interface RuleFault {
  /** JSON Pointer into the list: `/0/when`. */
  readonly pointer: string;
  readonly detail: string;
}

export type CompiledRules =
  | { readonly ok: true; readonly rules: readonly CompiledRule[] }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** What an expression of a rule may name; `task` has `type`, `version`, `kind`, `namespace`, `tags` and `priority`. */
export const RULE_SCOPE = ['input', 'metadata', 'task'] as const;

/** The lane of remote workers that poll without naming one. */
export const WORKERS_LANE = 'workers';
/** Lanes that belong to the service's own executors. */
const OWN_LANES: ReadonlySet<string> = new Set(['automated', 'integration', 'inbox']);

/** Compiles a list of rules, or gives every fault in it. */
export function compileRules(rules: readonly RoutingRule[]): CompiledRules {
  const faults: RuleFault[] = [];
  const names = new Set<string>();
  const compiled = rules.map((rule, i): CompiledRule => {
    const fault = (member: string, detail: string): void => void faults.push({ pointer: `/${i}/${member}`, detail });
    if (names.has(rule.name)) fault('name', 'is the name of an earlier rule');
    names.add(rule.name);
    checkRoute(rule, fault);
    if (rule.when === undefined) return { rule, when: undefined };
    const expression = compileExpression(bareExpression(rule.when), RULE_SCOPE);
    if (!expression.ok) fault('when', expression.detail);
    return { rule, when: expression.ok ? expression.value : undefined };
  });
  return faults.length === 0 ? { ok: true, rules: compiled } : { ok: false, faults };
}

function checkRoute({ kind, route }: RoutingRule, fault: (member: string, detail: string) => void): void {
  if (route.lane === undefined && route.priority === undefined) fault('route', 'decides nothing: give a lane, a priority or both');
  if (route.lane !== undefined && OWN_LANES.has(route.lane)) fault('route/lane', 'is a lane of the service itself: choose another name');
  if (route.lane !== undefined && kind !== undefined && kind !== 'automated')
    fault('route/lane', 'sends tasks to remote workers, which perform automated tasks only');
}

/** `${…}` around an expression may be left out. */
function bareExpression(when: string): string {
  return /^\s*\$\{([\s\S]*)\}\s*$/.exec(when)?.[1] ?? when;
}
