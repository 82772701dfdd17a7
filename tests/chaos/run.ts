/**
 * `npm run chaos -- --runtime=node --cycles=20 [--seed=7] [--keep]`: kill cycles from the command line, with a summary at the end.
 * `--keep` adds it to the one in the repository (`npm run docs:reliability` writes it into its page).
 */
import { parseArgs } from 'node:util';
import { isRuntimeName, RUNTIMES } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import { temporaryDirectory } from '../service/running-service.ts';
import { keepCycles } from './kept-cycles.ts';
import { killCycles, type Summary } from './kill-cycles.ts';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'workerd' },
    cycles: { type: 'string', default: '10' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const { runtime } = values;
const cycles = Number(values.cycles);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
if (!isRuntimeName(runtime) || !Number.isInteger(cycles) || cycles < 1 || !Number.isInteger(seed)) {
  console.error(`Usage: npm run chaos -- [--runtime=${RUNTIMES.join('|')}] [--cycles=<from 1>] [--seed=<number>] [--keep]`);
  process.exit(1);
}

const directory = temporaryDirectory();
try {
  const summary = await killCycles(runtime, directory.path, cycles, seed);
  print(summary);
  if (values.keep) keepCycles(summary);
  process.exitCode = [summary.lost, summary.doubled, summary.wrong, summary.surprises].every(({ length }) => length === 0) ? 0 : 1;
} finally {
  directory.remove();
}

function print({ lost, doubled, wrong, surprises, backMs, ...rest }: Summary): void {
  const sorted = [...backMs].sort((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
  for (const fault of [...lost.map((one) => `lost: ${one}`), ...doubled, ...wrong, ...surprises]) console.log(fault);
  const { runtime, cycles, seed, acknowledged, unanswered } = rest;
  console.log(
    `chaos: runtime=${runtime} cycles=${cycles} seed=${seed} acknowledged=${acknowledged} unanswered=${unanswered} lost=${lost.length} ` +
      `doubled=${doubled.length} wrong=${wrong.length} surprises=${surprises.length} back p50=${at(0.5)} p95=${at(0.95)} max=${at(1)} ms`,
  );
}
