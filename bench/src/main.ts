/** `npm run bench`: starts each target in turn, measures it, and does so again, so that a busy minute hits all alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRuntimeName, RUNTIMES } from '@errand/edge-worker/runtimes/runtime-command';
import { errandTarget } from './errand-target.ts';
import { measure, type Measurements, type Size } from './measure.ts';
import { tableOf, writeReport } from './report.ts';
import type { Target } from './target.ts';

const USAGE = `npm run bench -- [--targets=${RUNTIMES.join(',')}] [--tasks=20000] [--lone=300] [--repetitions=3] [--name=errand]`;

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: 'workerd' },
    tasks: { type: 'string', default: '20000' },
    lone: { type: 'string', default: '300' },
    repetitions: { type: 'string', default: '3' },
    name: { type: 'string', default: 'errand' },
  },
});
const targets = values.targets.split(',').map(targetOf);
const size: Size = { tasks: count(values.tasks), lone: count(values.lone), warmUp: Math.min(2_000, count(values.tasks)) };
const repetitions = count(values.repetitions);

const results = new Map<string, Measurements[]>(targets.map(({ name }) => [name, []]));
for (let repetition = 1; repetition <= repetitions; repetition += 1) {
  for (const target of targets) {
    const one = await measureOnce(target);
    results.get(target.name)?.push(one);
    console.log(
      `${target.name}, ${repetition} of ${repetitions}: ${Math.round(one.submitsPerSecond)} submits/s, ${Math.round(one.donePerSecond)} done/s`,
    );
  }
}
console.log(`\n${tableOf(results)}\n`);
writeReport(join(import.meta.dirname, '..', 'results'), values.name, results, size, repetitions);

async function measureOnce(target: Target): Promise<Measurements> {
  const directory = mkdtempSync(join(tmpdir(), 'errand bench '));
  try {
    const running = await target.start(directory);
    try {
      return await measure(running, size);
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function targetOf(name: string): Target {
  if (isRuntimeName(name)) return errandTarget(name);
  console.error(`There is no target "${name}".\nUsage: ${USAGE}`);
  process.exit(1);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`"${text}" is no count.\nUsage: ${USAGE}`);
  process.exit(1);
}
