/** Runs the official suite. Knows no runtime, so that every runtime runs the same. */
import type { Json } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import type { Draft } from '@errand/core/validator/engine/keyword';
import type { Part, Suite } from './suite-data.ts';

export interface SuiteRow {
  readonly draft: Draft;
  readonly part: Part;
  readonly passed: number;
  readonly total: number;
  /** File, group and case of what did not pass, with what was said. */
  readonly failures: readonly string[];
}

/** What passed, a row for each draft and part that the suite has. */
export function runSuite({ files, remotes }: Suite): SuiteRow[] {
  const schemas = new Map(remotes);
  const rows = new Map<string, { draft: Draft; part: Part; passed: number; total: number; failures: string[] }>();
  for (const { draft, part, name, groups } of files) {
    const key = `${draft} ${part}`;
    const row = rows.get(key) ?? { draft, part, passed: 0, total: 0, failures: [] };
    rows.set(key, row);
    for (const { description, schema, tests } of groups) {
      const judge = judgeOf(schema, draft, part, schemas);
      for (const test of tests) {
        const answer = judge(test.data);
        row.total += 1;
        if (answer === test.valid) row.passed += 1;
        else row.failures.push(`${name}: ${description}: ${test.description}: ${String(answer)}`);
      }
    }
  }
  return [...rows.values()];
}

function judgeOf(schema: Json, draft: Draft, part: Part, schemas: ReadonlyMap<string, Json>): (data: Json) => boolean | string {
  const formats = part === 'format' ? 'assert' : 'annotate';
  const compiled = compileJsonSchema(schema, { draft, schemas, formats, defaults: 'ignore' });
  if (!compiled.ok) return () => compiled.faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join(', ');
  return (data) => {
    const result = compiled.validator.validate(data);
    if (result.ok !== compiled.validator.check(data)) return 'validate and check do not agree';
    if (result.ok) return true;
    return result.errors.length === 0 ? 'no error was reported' : false;
  };
}
