/** What a campaign came to, and whether it counts. */
import type { ScheduleResult } from './schedule.ts';
import { CONSEQUENCES, CRASH_POINTS, FAULT_KINDS, type FaultName } from './world/faults.ts';

/** Every fault a campaign must have seen to count. */
const ALL_FAULTS: readonly FaultName[] = [...FAULT_KINDS, ...CRASH_POINTS.map((point) => `crash ${point}` as const), ...CONSEQUENCES];
/** Of the operations of a campaign that counts, at least this part succeeded. */
const LEAST_SUCCESS = 0.6;
/** Broken promises told in full; more are counted. */
const MAX_TOLD = 10;

export class Summary {
  readonly from: number;
  readonly broken: ScheduleResult[] = [];
  readonly fired = new Map<FaultName, number>();
  schedules = 0;
  steps = 0;
  tasks = 0;
  operations = 0;
  succeeded = 0;
  readonly #startedAt = performance.now();

  /** `from` is the first seed. */
  constructor(from: number) {
    this.from = from;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  add(result: ScheduleResult): void {
    this.schedules += 1;
    this.steps += result.steps;
    this.tasks += result.tasks;
    this.operations += result.operations;
    this.succeeded += result.succeeded;
    for (const [fault, times] of result.fired) this.fired.set(fault, (this.fired.get(fault) ?? 0) + times);
    if (result.violation !== undefined) this.broken.push(result);
  }
}

/** Why a campaign does not count, or nothing. */
export function shortcomings({ fired, operations, succeeded }: Summary): string[] {
  const unseen = ALL_FAULTS.filter((fault) => !fired.has(fault));
  const rate = operations === 0 ? 0 : succeeded / operations;
  return [
    ...(unseen.length === 0 ? [] : [`faults that never happened: ${unseen.join(', ')}`]),
    ...(rate >= LEAST_SUCCESS ? [] : [`only ${(rate * 100).toFixed(1)} % of ${operations} operations succeeded`]),
  ];
}

/** The command that runs one schedule again and tells it line by line. */
export function replayCommand({ seed, crashAt }: Pick<ScheduleResult, 'seed' | 'crashAt'>, plant?: string): string {
  return `npm run simulate -- --seed ${seed}${crashAt === undefined ? '' : ` --crash-at ${crashAt}`}${plant === undefined ? '' : ` --plant ${plant}`}`;
}

/** A summary as text: how much ran, what was broken, and how often each fault happened. */
export function describeSummary(summary: Summary): string {
  const { from, schedules, steps, tasks, operations, succeeded, elapsedMs, broken, fired } = summary;
  const seconds = elapsedMs / 1_000;
  const faults = ALL_FAULTS.map((fault) => `${fault} ${fired.get(fault) ?? 0}`).join(', ');
  return [
    `${schedules} schedules (seeds from ${from}) in ${seconds.toFixed(1)} s, ${(schedules / seconds).toFixed(0)} a second`,
    `${tasks} tasks, ${steps} steps, ${operations} operations of which ${((100 * succeeded) / Math.max(1, operations)).toFixed(1)} % succeeded`,
    `faults: ${faults}`,
    ...shortcomings(summary).map((shortcoming) => `does not count: ${shortcoming}`),
    broken.length === 0 ? 'every promise held' : `${broken.length} schedules broke a promise`,
    ...broken.slice(0, MAX_TOLD).map((result) => `  ${result.violation}\n    ${replayCommand(result)}`),
  ].join('\n');
}
