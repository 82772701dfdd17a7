/** `npm run bench`: starts each target in turn, measures it, and does so again, so that a busy minute hits all alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Measurements, type Size } from './measure.ts';
import { tableOf, writeReport } from './report.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const USAGE = `npm run bench -- [--targets=${[...TARGETS.keys()].join(',')}] [--tasks=20000] [--seconds=8] [--lone=300] [--repetitions=3] [--name=errand] [--quick]`;

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: 'workerd' },
    tasks: { type: 'string' },
    seconds: { type: 'string', default: '8' },
    lone: { type: 'string' },
    repetitions: { type: 'string' },
    name: { type: 'string', default: 'errand' },
    quick: { type: 'boolean', default: false },
  },
});
const defaults = values.quick ? { tasks: '4000', lone: '100', repetitions: '1' } : { tasks: '20000', lone: '300', repetitions: '3' };
const targets = (values.targets === 'all' ? [...TARGETS.keys()] : values.targets.split(',')).map(targetOf);
const tasks = count(values.tasks ?? defaults.tasks);
const size: Size = {
  tasks,
  loadMs: count(values.seconds) * 1_000,
  lone: count(values.lone ?? defaults.lone),
  warmUp: Math.min(3_000, tasks),
  traced: Math.min(2_000, tasks),
};
const repetitions = count(values.repetitions ?? defaults.repetitions);

const directory = join(import.meta.dirname, '..', 'results');
const results = new Map<string, Measurements[]>(targets.map(({ name }) => [name, []]));
/** What could not be had, and why. */
const faults = new Map<string, string>();
for (let repetition = 1; repetition <= repetitions; repetition += 1) {
  for (const target of targets) {
    if (faults.has(target.name)) continue;
    try {
      const one = await measureOnce(target);
      results.get(target.name)?.push(one);
      const { donePerSecond, cpuMicrosPerTask } = one;
      console.log(
        `${target.name}, ${repetition} of ${repetitions}: ${Math.round(donePerSecond)} done/s, ${Math.round(cpuMicrosPerTask)} µs of CPU per task`,
      );
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault);
      faults.set(target.name, why);
      console.error(`${target.name} could not be measured: ${why}`);
    }
    // A run of many targets takes long: what was measured is kept, whatever becomes of the rest.
    writeReport(directory, values.name, { results, faults, size, repetitions });
  }
}
console.log(`\n${tableOf(results)}\n`);

async function measureOnce(target: Target): Promise<Measurements> {
  const directory = mkdtempSync(join(tmpdir(), 'errand bench '));
  try {
    const begun = performance.now();
    const running = await target.start(directory);
    try {
      return await measure(running, size, performance.now() - begun);
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function targetOf(name: string): Target {
  const target = TARGETS.get(name);
  if (target !== undefined) return target;
  console.error(`There is no target "${name}".\nUsage: ${USAGE}`);
  process.exit(1);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`"${text}" is no count.\nUsage: ${USAGE}`);
  process.exit(1);
}
