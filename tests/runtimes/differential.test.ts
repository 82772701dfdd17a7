/** Every runtime gives the same answers: sequences drawn from seeds, played to a book on each runtime's SQLite. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { RUNTIMES, scriptCommand, type RuntimeName } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import { DIFFERENTIAL_SEEDS } from './differential-seeds.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'apps', 'edge-worker', 'src', 'runtimes', 'contracts');
const FULL = process.env['ERRAND_TEST_FULL'] === '1';
const SEEDS = FULL ? 2_000 : DIFFERENTIAL_SEEDS;
/** Seeds of one process: their transcripts are held in memory. */
const CHUNK = 100;

async function transcripts(runtime: RuntimeName, from: number, to: number): Promise<Map<number, string[]>> {
  const command = scriptCommand(runtime, join(FOLDER, runtime === 'workerd' ? 'cloudflare-runner.ts' : 'local-runner.ts'));
  if (command === undefined) throw new Error(`${runtime} is not installed`);
  const args = [...command.args, 'transcripts', String(from), String(to)];
  const { stdout } = await promisify(execFile)(command.program, args, { maxBuffer: 1 << 28, timeout: 120_000 });
  const parsed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seed: number; lines: string[] });
  return new Map(parsed.map(({ seed, lines }) => [seed, lines]));
}

it(
  `gives the same answers and leaves the same rows on ${RUNTIMES.join(', ')}`,
  async () => {
    // Fixed seeds judge a change by what it changed; the longer count looks at fresh ones.
    const first = FULL ? Math.floor(Math.random() * 1_000_000) : 1;
    for (let from = first; from < first + SEEDS; from += CHUNK) {
      const to = Math.min(from + CHUNK, first + SEEDS);
      const [reference, ...others] = await Promise.all(
        RUNTIMES.map(async (runtime) => ({ runtime, by: await transcripts(runtime, from, to) })),
      );
      for (const { by } of [reference, ...others].filter((one) => one !== undefined)) expect(by.size).toBe(to - from);
      for (const [seed, lines] of reference?.by ?? []) {
        expect(lines.length).toBeGreaterThan(150);
        for (const { runtime, by } of others) {
          const at = by.get(seed)?.findIndex((line, i) => line !== lines[i]) ?? 0;
          expect({ seed, runtime, line: by.get(seed)?.[at] }).toEqual({ seed, runtime, line: at === -1 ? undefined : lines[at] });
          expect(by.get(seed)).toHaveLength(lines.length);
        }
      }
    }
  },
  SEEDS * 500 + 60_000,
);
