/**
 * `x-rules`: what JSON Schema cannot say, because it is about several places at once. Each rule is an expression over the value,
 * called `self`, with the sentence to show where it does not hold. Rules run last: they may rely on everything else.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Rule } from '../engine/compile.ts';
import type { KeywordGroup } from '../engine/keyword.ts';
import { type Path, step, tokensOf } from '../engine/path.ts';
import { fail } from '../engine/report.ts';
import { type Run, spend } from '../engine/run.ts';
import { read, type Site } from '../engine/site.ts';

const KEYWORD = 'x-rules';

/** Rules of one schema. */
const MAX_RULES = 32;

interface SchemaRule {
  readonly rule: Rule;
  readonly source: string;
  readonly message: string;
  /** From the value to the place that is to blame. */
  readonly tokens: readonly string[];
}

export const rules: KeywordGroup = {
  keywords: { [KEYWORD]: { vocabulary: 'validation' } },
  compile: () => [],
  around(site, inner) {
    const list = rulesOf(site);
    return {
      check: (value, run, seen) => inner.check(value, run, seen) && list.every(({ rule }) => judge(rule, value, run) === true),
      explain(value, place, report) {
        const { run } = report;
        if (!inner.check(value, run, null)) {
          inner.explain(value, place, report);
          return;
        }
        for (const { rule, source, message, tokens } of list) {
          const held = judge(rule, value, run);
          if (held === true) continue;
          const expected = held === false ? message : `${message} (the rule cannot be evaluated: ${held})`;
          const instance = tokens.reduce((path: Path, token) => step(path, token), place.instance);
          const at = { instance, keyword: place.keyword };
          fail(report, site, at, KEYWORD, { expected, params: { rule: source } });
        }
      },
    };
  },
};

function judge(rule: Rule, value: Json, run: Run): boolean | string {
  spend(run, rule.cost(value));
  return rule.holds(value);
}

/** The rules of a schema. No metaschema knows them, so their faults are told here. */
function rulesOf(site: Site): SchemaRule[] {
  const fault = (detail: string, ...tokens: readonly (string | number)[]): void => site.compiler.fault(site, detail, KEYWORD, ...tokens);
  const written = read(site, KEYWORD);
  if (!Array.isArray(written) || written.length > MAX_RULES) {
    fault(`must be an array of at most ${MAX_RULES} rules`);
    return [];
  }
  return written.flatMap((each: Json, index) => {
    const { rule: source, message, pointer = '' } = isJsonObject(each) ? each : {};
    if (typeof source !== 'string' || typeof message !== 'string' || typeof pointer !== 'string' || !/^(\/|$)/.test(pointer)) {
      fault('must have a "rule" (an expression), a "message" and perhaps a "pointer"', index);
      return [];
    }
    const rule = site.compiler.options.rule(source);
    if (typeof rule !== 'string') return [{ rule, source, message, tokens: pointer === '' ? [] : tokensOf(pointer) }];
    fault(`has a rule that ${rule}`, index, 'rule');
    return [];
  });
}
