/**
 * Chooses the route of a task when it is submitted: by the first rule that matches, else by its kind. Pure: it only chooses, and says
 * why.
 */
import { ExpressionFault } from '@errand/core/expression';
import type { Json, JsonObject } from '@errand/core/json';
import type { Route } from '@errand/core/task';
import { typeRef, type Kind } from '@errand/core/task-type';
import { WORKERS_LANE, type CompiledRule, type RoutingRule } from './rule.ts';

/** What a route depends on. */
export interface RouteFacts {
  readonly namespace: string;
  readonly type: string;
  readonly version: number;
  readonly kind: Kind;
  readonly tags: readonly string[];
  readonly input: Json;
  readonly metadata: JsonObject;
  /** `undefined` where the submission names none. */
  readonly priority: number | undefined;
  /** Of automated tasks: the deployed handler that performs them, as `name@version`; `undefined` where there is none. */
  readonly handler: string | undefined;
}

export interface RouteDecision {
  readonly route: Route;
  readonly priority: number;
}

/** The priority of a task for which neither its submission nor a rule names one. */
export const DEFAULT_PRIORITY = 3;
/** The name of the rule on a task that no rule matched. */
export const DEFAULT_RULE = 'default';

/**
 * The route and the priority of a task. The first rule that matches decides alone; what it leaves open is decided by the task's
 * kind. A rule whose expression faults on this task does not match, and the route's reason says so.
 */
export function chooseRoute(rules: readonly CompiledRule[], facts: RouteFacts): RouteDecision {
  const skipped: string[] = [];
  const matched = rules.find((rule) => matches(rule, facts, skipped))?.rule;
  const lane = matched?.route.lane;
  const chosen = lane === undefined ? routeByKind(facts) : routeToWorkers(lane, facts, `Remote workers of the lane "${lane}" poll for it.`);
  const reasons = [...(matched === undefined ? [] : [`Rule "${matched.name}" matched.`]), chosen.reason, ...skipped];
  return {
    route: { ...chosen, rule: matched?.name ?? DEFAULT_RULE, reason: reasons.join(' ') },
    priority: facts.priority ?? matched?.route.priority ?? DEFAULT_PRIORITY,
  };
}

type Chosen = Pick<Route, 'executor' | 'lane' | 'reason'>;

function routeByKind(facts: RouteFacts): Chosen {
  switch (facts.kind) {
    case 'automated':
      if (facts.handler === undefined) return routeToWorkers(WORKERS_LANE, facts, 'It has no handler in code: remote workers poll for it.');
      return { executor: 'automated', lane: 'automated', reason: `The handler ${facts.handler} performs it in the service.` };
    case 'integration':
      return { executor: 'integration', lane: 'integration', reason: 'Integration tasks call a third party from the service.' };
    case 'manual':
      return { executor: 'manual', lane: 'inbox', reason: 'Manual tasks are offered to people in the inbox.' };
  }
}

function routeToWorkers(lane: string, { type, version }: RouteFacts, reason: string): Chosen {
  return { executor: 'worker', lane: `${lane}/${typeRef({ name: type, version })}`, reason };
}

function matches({ rule, when }: CompiledRule, facts: RouteFacts, skipped: string[]): boolean {
  if (!fits(rule, facts)) return false;
  if (when === undefined) return true;
  const { kind, type, version, namespace, tags, input, metadata, priority = DEFAULT_PRIORITY } = facts;
  try {
    return when.evaluate({ input, metadata, task: { type, version, kind, namespace, tags, priority } }) === true;
  } catch (fault) {
    if (!(fault instanceof ExpressionFault)) throw fault;
    skipped.push(`Rule "${rule.name}" did not apply: ${fault.message}.`);
    return false;
  }
}

function fits(rule: RoutingRule, facts: RouteFacts): boolean {
  const ref = typeRef({ name: facts.type, version: facts.version });
  return (
    (rule.kind === undefined || rule.kind === facts.kind) &&
    (rule.route.lane === undefined || facts.kind === 'automated') &&
    (rule.type === undefined || rule.type === ref || fitsName(rule.type, facts.type)) &&
    (rule.namespace === undefined || fitsName(rule.namespace, facts.namespace)) &&
    (rule.tags ?? []).every((tag) => facts.tags.includes(tag))
  );
}

function fitsName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
