/**
 * What exploration with fresh seeds has come to, kept in the repository: runs add up as long as their seeds differ. A change
 * after which the count should begin anew removes the file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { replayCommand, shortcomings, type Summary } from './summary.ts';
import type { FaultName } from './world/faults.ts';

/** Seeds that were run, from the first on. */
interface Slice {
  readonly from: number;
  readonly schedules: number;
}

export interface Explored {
  readonly schedules: number;
  readonly steps: number;
  readonly tasks: number;
  readonly operations: number;
  readonly succeeded: number;
  readonly seconds: number;
  /** Schedules that broke a promise, each with the command that replays it. */
  readonly broken: readonly string[];
  readonly slices: readonly Slice[];
  readonly fired: Readonly<Partial<Record<FaultName, number>>>;
}

const KEPT = new URL('./explored.json', import.meta.url);
const NOTHING: Explored = {
  schedules: 0,
  steps: 0,
  tasks: 0,
  operations: 0,
  succeeded: 0,
  seconds: 0,
  broken: [],
  slices: [],
  fired: {},
};

export function readExplored(): Explored {
  return existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Explored) : NOTHING;
}

/** Adds a campaign to what is kept. One that does not count, or that repeats seeds, is refused. */
export function keepExplored(summary: Summary): void {
  const before = readExplored();
  const faults = shortcomings(summary);
  if (faults.length > 0) throw new Error(`This run does not count, and is not kept: ${faults.join('; ')}`);
  const { from, schedules } = summary;
  if (before.slices.some((one) => from < one.from + one.schedules && one.from < from + schedules))
    throw new Error(`Some of these seeds have been run and kept before: ${from} and on.`);
  const fired: Partial<Record<FaultName, number>> = { ...before.fired };
  for (const [fault, times] of summary.fired) fired[fault] = (fired[fault] ?? 0) + times;
  const now: Explored = {
    schedules: before.schedules + schedules,
    steps: before.steps + summary.steps,
    tasks: before.tasks + summary.tasks,
    operations: before.operations + summary.operations,
    succeeded: before.succeeded + summary.succeeded,
    seconds: before.seconds + Math.round(summary.elapsedMs / 1_000),
    broken: [...before.broken, ...summary.broken.map((result) => replayCommand(result))],
    slices: [...before.slices, { from, schedules }],
    fired,
  };
  writeFileSync(KEPT, `${JSON.stringify(now, null, 2)}\n`);
}
