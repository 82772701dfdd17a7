/**
 * The simulator in the tests: fixed seeds at every run, so that a change is judged by what it changed; the longer count explores
 * fresh ones, as `npm run simulate` does. The threads are Node's own, for the sources are changed while they are loaded.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepExplored } from './explored.ts';
import { replay, runCampaign, sweepCrashes } from './fleet.ts';
import { describeSummary, replayCommand, shortcomings } from './summary.ts';

const MINUTE_MS = 60_000;
const FULL = process.env['ERRAND_TEST_FULL'] === '1';
/** Schedules of an ordinary run, from the first seed on: about a minute of two cores, more beside other tests. */
const FIXED_SCHEDULES = 12_000;
/** What exploration may take; on a busy machine three times as much. */
const EXPLORED_MS = 60 * MINUTE_MS;
const THREADS = Math.min(2, availableParallelism());
/** Worlds in which something was once found: in the ledgers (the first three), or in what the checker asked of them. */
const FOUND_BEFORE = [7_258, 700_001_621, 700_005_889, 686_022_016, 686_023_038, 722_922_856];
/** Two worlds without faults, one with small limits: both are cut down at each of their crash points. */
const SWEPT_SEEDS = FULL ? [2, 3, 4, 5, 6, 7, 8, 9] : [4, 7];
const SUMMARY = join(import.meta.dirname, '..', 'output', 'simulator.txt');

describe('a simulated service', () => {
  it(
    'tells the same story again for the same seed',
    async () => {
      const [first, second] = await Promise.all([replay(12, {}), replay(12, {})]);
      expect(first.trace?.length).toBeGreaterThan(50);
      expect(second).toEqual(first);
    },
    MINUTE_MS,
  );

  it(
    'keeps every promise wherever an object dies',
    async () => {
      const summary = await sweepCrashes(SWEPT_SEEDS, THREADS);
      expect(summary.broken.map(({ seed, crashAt, violation }) => `--seed ${seed} --crash-at ${crashAt}: ${violation}`)).toEqual([]);
      expect(summary.schedules).toBeGreaterThan(100);
    },
    10 * MINUTE_MS,
  );

  it(
    'keeps every promise where one was broken before',
    async () => {
      const results = await Promise.all(FOUND_BEFORE.map((seed) => replay(seed, {})));
      expect(results.map(({ seed, violation }) => ({ seed, violation }))).toEqual(FOUND_BEFORE.map((seed) => ({ seed })));
    },
    MINUTE_MS,
  );

  it(
    'keeps every promise in thousands of worlds',
    async () => {
      const from = FULL ? randomInt(1_000_000_000) : 1;
      const bounds = FULL ? { count: Number.MAX_SAFE_INTEGER - from, budgetMs: EXPLORED_MS } : { count: FIXED_SCHEDULES };
      const summary = await runCampaign({ from, threads: THREADS, ...bounds });
      const text = describeSummary(summary);
      console.log(text);
      mkdirSync(join(SUMMARY, '..'), { recursive: true });
      writeFileSync(SUMMARY, `${text}\n`);
      if (FULL) keepExplored(summary);
      expect(summary.broken.map((result) => `${result.violation}: ${replayCommand(result)}`)).toEqual([]);
      expect(shortcomings(summary)).toEqual([]);
    },
    FULL ? 4 * EXPLORED_MS : 10 * MINUTE_MS,
  );
});
