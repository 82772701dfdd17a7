/** What a hook makes of an event: the first rule whose condition holds creates a task, or finishes one that waits. */
import { compileExpression, ExpressionFault, type Compiled, type Expression, type Scope } from '@errand/core/expression';
import type { Json, JsonObject } from '@errand/core/json';
import { compileTemplate } from '@errand/core/template';
import { correlationOf } from '@errand/executors/integration/integration-executor';

/** What the templates of a hook may name. */
export const EVENT_SCOPE = ['event', 'headers'] as const;

/** A rule as it was written: exactly one of `submit` and `complete`. */
export interface HookRule {
  readonly when?: string;
  readonly submit?: JsonObject;
  readonly complete?: { readonly correlation: string; readonly output: Json };
}

/** What is to be done. */
export type HookAction =
  | { readonly kind: 'submit'; readonly task: JsonObject }
  | { readonly kind: 'complete'; readonly correlation: string; readonly output: Json }
  /** No rule is for this event; `faults` say which conditions could not be judged. */
  | { readonly kind: 'ignore'; readonly faults: readonly string[] };

interface CompiledRule {
  readonly when: Expression | undefined;
  readonly act: (scope: Scope) => HookAction;
}

export interface RuleFault {
  /** Below `#/on`: `/0/complete/correlation`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Compiles the rules of a hook, or says everything that is wrong with them. */
export function compileRules(
  rules: readonly HookRule[],
): { readonly ok: true; readonly rules: readonly CompiledRule[] } | { readonly ok: false; readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  const compiled = rules.flatMap((rule, i) => compileRule(rule, `/${i}`, faults) ?? []);
  return faults.length === 0 ? { ok: true, rules: compiled } : { ok: false, faults };
}

/** The action for an event. Throws {@link ExpressionFault} where the chosen rule's templates do not fit it. */
export function chooseAction(rules: readonly CompiledRule[], scope: Scope): HookAction {
  const faults: string[] = [];
  for (const { when, act } of rules) if (holds(when, scope, faults)) return act(scope);
  return { kind: 'ignore', faults };
}

/** A condition about a member that this event does not have does not hold: events of other kinds look different. */
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

/** One expression, alone: several would be joined as text, which is never true. */
function compileCondition(when: string): Compiled<Expression> {
  const inner = /^\$\{([\s\S]*)\}$/.exec(when)?.[1];
  return inner === undefined ? { ok: false, detail: 'must be one ${…} that is true or false' } : compileExpression(inner, EVENT_SCOPE);
}

function compileRule(rule: HookRule, pointer: string, faults: RuleFault[]): CompiledRule | undefined {
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
