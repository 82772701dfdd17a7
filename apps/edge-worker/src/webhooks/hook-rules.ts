/** The rules of a hook: the first one whose condition holds for an event creates a task, or finishes one that waits. */
import { compileExpression, ExpressionFault, type Compiled, type Expression, type Scope } from '@errand/core/expression';
import type { Json, JsonObject } from '@errand/core/json';
import { compileTemplate } from '@errand/core/template';
import { correlationOf } from '@errand/executors/integration/integration-executor';

/** The variables of a hook's templates: the event's body, and the delivery's headers. */
export const EVENT_SCOPE = ['event', 'headers'] as const;

/** A rule as it was written: exactly one of `submit` and `complete`. */
export interface HookRule {
  readonly when?: string;
  readonly submit?: JsonObject;
  readonly complete?: { readonly correlation: string; readonly output: Json };
}

/** What an event is to do. */
export type HookAction =
  | { readonly kind: 'submit'; readonly task: JsonObject }
  | { readonly kind: 'complete'; readonly correlation: string; readonly output: Json }
  /** No rule is for this event; `faults` say which conditions could not be judged. */
  | { readonly kind: 'ignore'; readonly faults: readonly string[] };

interface CompiledHookRule {
  readonly when: Expression | undefined;
  readonly act: (scope: Scope) => HookAction;
}

/** Something wrong in the rules of a hook. */
export interface HookRuleFault {
  /** Below `#/on`: `/0/complete/correlation`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Compiles the rules of a hook, or gives every fault in them. */
export function compileHookRules(
  rules: readonly HookRule[],
): { readonly ok: true; readonly rules: readonly CompiledHookRule[] } | { readonly ok: false; readonly faults: readonly HookRuleFault[] } {
  const faults: HookRuleFault[] = [];
  const compiled = rules.flatMap((rule, i) => compileRule(rule, `/${i}`, faults) ?? []);
  return faults.length === 0 ? { ok: true, rules: compiled } : { ok: false, faults };
}

/** What an event does. Throws {@link ExpressionFault} where the templates of the rule that was chosen do not fit the event. */
export function chooseAction(rules: readonly CompiledHookRule[], scope: Scope): HookAction {
  const faults: string[] = [];
  for (const { when, act } of rules) if (holds(when, scope, faults)) return act(scope);
  return { kind: 'ignore', faults };
}

/** A condition that faults does not hold: one hook gets events of many types, and each rule is written for those of one. */
function holds(when: Expression | undefined, scope: Scope, faults: string[]): boolean {
  if (when === undefined) return true;
  try {
    return when.evaluate(scope) === true;
  } catch (fault) {
    if (!(fault instanceof ExpressionFault)) throw fault;
    faults.push(fault.message);
    return false;
  }
}

/** Compiles a condition. It must be a single expression, for several would be joined as text, which is never true. */
function compileCondition(when: string): Compiled<Expression> {
  const inner = /^\$\{([\s\S]*)\}$/.exec(when)?.[1];
  return inner === undefined ? { ok: false, detail: 'must be one ${…} that is true or false' } : compileExpression(inner, EVENT_SCOPE);
}

function compileRule(rule: HookRule, pointer: string, faults: HookRuleFault[]): CompiledHookRule | undefined {
  const take = <T>(member: string, compiled: Compiled<T>): T | undefined => {
    if (compiled.ok) return compiled.value;
    faults.push({ pointer: `${pointer}/${member}`, detail: compiled.detail });
    return undefined;
  };
  const when = rule.when === undefined ? undefined : take('when', compileCondition(rule.when));
  if (rule.submit !== undefined) {
    const task = take('submit', compileTemplate(rule.submit, EVENT_SCOPE));
    return task === undefined ? undefined : { when, act: (scope) => ({ kind: 'submit', task: task.render(scope) as JsonObject }) };
  }
  const correlation = take('complete/correlation', compileTemplate(rule.complete?.correlation ?? '', EVENT_SCOPE));
  const output = take('complete/output', compileTemplate(rule.complete?.output ?? null, EVENT_SCOPE));
  if (correlation === undefined || output === undefined) return undefined;
  return {
    when,
    act: (scope) => ({ kind: 'complete', correlation: correlationOf(correlation.render(scope)), output: output.render(scope) }),
  };
}
