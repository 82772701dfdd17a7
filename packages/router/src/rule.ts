/**
 * Routing rules: which tasks a rule is for, and what it decides for them. A rule is plain data. It is compiled before it is saved,
 * so one that cannot work is refused, and again when it is loaded.
 */
import { compileExpression, type Expression } from '@errand/core/expression';
import type { Kind } from '@errand/core/task-type';

/** A rule as it is saved. It matches a task for which every condition that it has holds; one without conditions matches all. */
export interface RoutingRule {
  /** Unique in its list, for it is written on every task that the rule routes. */
  readonly name: string;
  readonly kind?: Kind;
  /** A type's name, `billing.capture`; a version of it, `billing.capture@2`; or all with a prefix, `billing.*`. */
  readonly type?: string;
  /** The namespace's name, or all with a prefix, `acme-*`: for a list that is put into several namespaces. */
  readonly namespace?: string;
  /** The task must have all of these. */
  readonly tags?: readonly string[];
  /** An expression over {@link RULE_SCOPE} that must be `true`: `${input.amount > 1000}`. */
  readonly when?: string;
  readonly route: RuleRoute;
}

/** What a rule decides; at least one of the two. */
export interface RuleRoute {
  /** Remote workers that poll this lane perform the task. Only automated tasks match a rule that has one. */
  readonly lane?: string;
  /** The priority of a task that was submitted without one, 1 (first) to 5. */
  readonly priority?: number;
}

/** A rule, ready to be matched. */
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

/** Where automated tasks wait that have no handler in code: the lane of remote workers that name none. */
export const WORKERS_LANE = 'workers';
/** Lanes of the service's own executors, which no rule may name. */
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

/** The expression without the `${…}` around it, which people may write or leave out. */
function bareExpression(when: string): string {
  return /^\s*\$\{([\s\S]*)\}\s*$/.exec(when)?.[1] ?? when;
}
