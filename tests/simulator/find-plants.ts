/** Finds planted bugs: under the seed that found each the last time, or else from the first seed on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { runCampaign } from './fleet.ts';
import { PLANTS } from './plants.ts';
import type { ScheduleResult } from './schedule.ts';

/** A planted bug is found within so many schedules, or the checker is deaf to it. */
export const MOST_SCHEDULES = 10_000;
const FIRST_SEED = 1;
const FOUND_AT = new URL('./found-at.json', import.meta.url);

/** What is known of where planted bugs were found: seed by name. A change of the code may move them. */
export function readFoundAt(): Record<string, number> {
  return JSON.parse(readFileSync(FOUND_AT, 'utf8')) as Record<string, number>;
}

export function writeFoundAt(foundAt: Record<string, number>): void {
  writeFileSync(FOUND_AT, `${JSON.stringify(foundAt, null, 2)}\n`);
}

/** The schedule that finds a plant, or `undefined`. `hint` is the seed that found it the last time. */
export async function findPlant(plant: string, hint: number | undefined, threads: number): Promise<ScheduleResult | undefined> {
  if (!PLANTS.some(({ name }) => name === plant)) throw new Error(`There is no planted bug named ${plant}.`);
  const hinted =
    hint === undefined ? undefined : (await runCampaign({ from: hint, count: 1, threads: 1, plant, stopAtFirst: true })).broken[0];
  if (hinted !== undefined) return hinted;
  const { broken } = await runCampaign({ from: FIRST_SEED, count: MOST_SCHEDULES, threads, plant, stopAtFirst: true });
  return broken.toSorted((a, b) => a.seed - b.seed)[0];
}
