import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepCycles } from '../chaos/kept-cycles.ts';
import { killCycles } from '../chaos/kill-cycles.ts';
import { RUNTIME, temporaryDirectory } from './running-service.ts';

const FULL = process.env['ERRAND_TEST_FULL'] === '1';
const CYCLES = FULL ? 100 : 3;
const OUTPUT = join(import.meta.dirname, '..', 'output');
/** A restart takes part in the promises: accepted again within three seconds of its start. */
const BACK_WITHIN_MS = 3_000;
/** What Node needs to start and do nothing, on an idle machine. */
const IDLE_SPAWN_MS = 60;

/** How much longer this machine takes for a process, now, than an idle one: 1 or more. */
function slowness(): number {
  const startedAt = performance.now();
  for (let i = 0; i < 3; i++) spawnSync(process.execPath, ['--eval', '']);
  return Math.max(1, (performance.now() - startedAt) / 3 / IDLE_SPAWN_MS);
}

describe(`a service on ${RUNTIME} that is killed under load`, () => {
  it(
    `loses nothing that it acknowledged, ${CYCLES} times over`,
    async () => {
      const directory = temporaryDirectory();
      try {
        const summary = await killCycles(RUNTIME, directory.path, CYCLES, Math.floor(Math.random() * 1_000_000));
        mkdirSync(OUTPUT, { recursive: true });
        appendFileSync(join(OUTPUT, 'chaos.jsonl'), `${JSON.stringify(summary)}\n`);
        if (FULL) keepCycles(summary);
        const { lost, doubled, wrong, surprises, seed } = summary;
        expect({ seed, lost, doubled, wrong, surprises }).toEqual({ seed, lost: [], doubled: [], wrong: [], surprises: [] });
        expect(summary.acknowledged).toBeGreaterThan(CYCLES * 5);
        expect(summary.unanswered, 'a kill that interrupts nothing shows nothing').toBeGreaterThan(CYCLES);
        // A few restarts beside other tests say what can be done; only many of them, on a machine of their own, say how often.
        const sorted = summary.backMs.toSorted((a, b) => a - b);
        const [back, within] = FULL ? [sorted[Math.floor(sorted.length * 0.95)], BACK_WITHIN_MS] : [sorted[0], BACK_WITHIN_MS * slowness()];
        expect(back).toBeLessThan(within);
      } finally {
        directory.remove();
      }
    },
    CYCLES * 10_000 + 90_000,
  );
});
