/**
 * `npm run bench:full-book`: the same load on an empty book, on one with very many finished tasks, and while retention deletes
 * those; in turn, several times. Writes `full-book-<runtime>.json` and `.md` into `bench/results/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRuntimeName, type RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';
import { startErrand } from './errand-target.ts';
import { bookIn, fill, setRetention, tasksIn } from './finished-tasks.ts';
import { thisMachine } from './machine.ts';
import { load, single, type Load, type Size } from './measure.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'node' },
    finished: { type: 'string', default: '1000000' },
    tasks: { type: 'string', default: '20000' },
    repetitions: { type: 'string', default: '3' },
  },
});
const runtime = runtimeOf(values.runtime);
const finished = Number(values.finished);
const repetitions = Number(values.repetitions);
const size: Size = { tasks: Number(values.tasks), loadMs: 60_000, warmUp: 3_000, lone: 0, traced: 0 };
const RESULTS = join(import.meta.dirname, '..', 'results');

interface Measured extends Omit<Load, 'ids'> {
  /** Tasks that retention deleted for each that ended, from the start to the end of the process. */
  readonly deletedPerTask: number;
}

const machine = thisMachine();
const results = new Map<string, Measured[]>();
const directory = mkdtempSync(join(tmpdir(), 'errand full book '));
try {
  const full = join(directory, 'full');
  await measured(full, 0);
  const begun = performance.now();
  fill(bookIn(full, runtime), finished);
  console.log(`${finished.toLocaleString('en')} finished tasks were written in ${Math.round((performance.now() - begun) / 1_000)} s.`);
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    keep('an empty book', await measured(join(directory, `empty ${repetition}`), 0));
    for (const when of ['at rest', 'due'] as const) {
      const book = bookIn(full, runtime);
      setRetention(book, when);
      keep(when === 'due' ? 'a full book, retention deleting' : 'a full book', await measured(full, tasksIn(book)));
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
mkdirSync(RESULTS, { recursive: true });
const raw = { at: new Date().toISOString(), machine, runtime, finished, size, repetitions, results: Object.fromEntries(results) };
writeFileSync(join(RESULTS, `full-book-${runtime}.json`), `${JSON.stringify(raw, null, 2)}\n`);
writeFileSync(join(RESULTS, `full-book-${runtime}.md`), page());

/** A load on a service that is started for it, and ended. `before` is how many tasks its book has. */
async function measured(data: string, before: number): Promise<Measured> {
  const target = await startErrand(runtime, data);
  let under: Load;
  try {
    await load(target, { ...size, tasks: size.warmUp }, single);
    under = await load(target, size, single);
  } finally {
    await target.stop();
  }
  const { ids, ...rates } = under;
  const added = size.warmUp + ids.length;
  return { ...rates, deletedPerTask: (before + added - tasksIn(bookIn(data, runtime))) / added };
}

function keep(book: string, one: Measured): void {
  results.set(book, [...(results.get(book) ?? []), one]);
  const [done, cpu] = [one.donePerSecond, one.cpuMicrosPerTask].map(whole);
  console.log(`On ${book}: ${done} done/s, ${cpu} µs of CPU per task, ${one.deletedPerTask.toFixed(2)} deleted for each`);
}

function page(): string {
  const of = (book: readonly Measured[], member: keyof Measured): number => median(book.map((one) => one[member]));
  const rows = [...results].map(([name, book]) => {
    const rates = (['submitsPerSecond', 'donePerSecond', 'cpuMicrosPerTask'] as const).map((member) => whole(of(book, member)));
    return `| ${name} | ${rates.join(' | ')} | ${of(book, 'deletedPerTask').toFixed(2)} |`;
  });
  return `# A full book, on ${runtime}

| | submit/s | done/s | CPU µs/task | deleted for each task |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

\`npm run bench:full-book -- --runtime=${runtime} --finished=${finished} --tasks=${size.tasks} --repetitions=${repetitions}\`: ${finished.toLocaleString('en')} finished tasks, copies of
one that the service performed, each under an id of its own. Medians of ${repetitions} repetitions in turn, each a start of the service, a warm-up and
${size.tasks.toLocaleString('en')} tasks, one a request over 32 connections, on ${machine.cores} cores shared with the client (${machine.cpu}; load average before it began ${machine.load.map((one) => one.toFixed(1)).join(', ')}).
The raw figures are in \`full-book-${runtime}.json\`.
`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function runtimeOf(name: string): RuntimeName {
  if (!isRuntimeName(name)) throw new Error(`There is no runtime "${name}".`);
  return name;
}
