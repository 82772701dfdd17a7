/** What a runtime is asked: the whole official suite, and every hostile case. Knows no runtime. */
import { HOSTILE_CASES } from '../hostile/hostile-cases.ts';
import { runHostile } from '../hostile/run-hostile.ts';
import { runSuite, type SuiteRow } from './run-suite.ts';
import type { Suite } from './suite-data.ts';

export interface RuntimeReport {
  readonly suite: readonly SuiteRow[];
  /** Hostile cases that were not answered as they must be. */
  readonly complaints: readonly string[];
}

/** Where time cannot be measured, `now` stands still. */
export function judgeRuntime(suite: Suite, now: () => number): RuntimeReport {
  const results = HOSTILE_CASES.map((each) => runHostile(each, now));
  const complaints = results.flatMap(({ name, complaint }) => (complaint === null ? [] : [`${name}: ${complaint}`]));
  return { suite: runSuite(suite), complaints };
}
