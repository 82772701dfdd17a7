/** What a campaign came to, in words. */
import { ALL_FAULTS, shortcomings, type Summary } from './fleet.ts';
import type { ScheduleResult } from './schedule.ts';

/** Broken promises told in full; more are counted. */
const MAX_TOLD = 10;

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
    `${schedules} schedules (seeds ${from} to ${from + schedules - 1}) in ${seconds.toFixed(1)} s, ${(schedules / seconds).toFixed(0)} a second`,
    `${tasks} tasks, ${steps} steps, ${operations} operations of which ${((100 * succeeded) / Math.max(1, operations)).toFixed(1)} % succeeded`,
    `faults: ${faults}`,
    ...shortcomings(summary).map((shortcoming) => `does not count: ${shortcoming}`),
    broken.length === 0 ? 'every promise held' : `${broken.length} schedules broke a promise`,
    ...broken.slice(0, MAX_TOLD).map((result) => `  ${result.violation}\n    ${replayCommand(result)}`),
  ].join('\n');
}
