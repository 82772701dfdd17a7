/** Says what was measured: a table and a plot for people, and everything raw for whoever wants to know better. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisMachine } from './machine.ts';
import { BATCH, CONNECTIONS, LONE_PER_SECOND, type Measurements, type Size } from './measure.ts';
import { plotOf } from './plot.ts';
import { median } from './statistics.ts';

/** Every repetition of every target, by its name. */
export type Results = ReadonlyMap<string, readonly Measurements[]>;

export interface Report {
  readonly results: Results;
  /** Targets that could not be measured, and why. */
  readonly faults: ReadonlyMap<string, string>;
  readonly size: Size;
  readonly repetitions: number;
}

interface Column {
  readonly title: string;
  readonly member: keyof Measurements;
  readonly digits: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'submit/s', member: 'submitsPerSecond', digits: 0 },
  { title: 'done/s', member: 'donePerSecond', digits: 0 },
  { title: 'CPU µs/task', member: 'cpuMicrosPerTask', digits: 0 },
  { title: `submit/s, ${BATCH}s`, member: 'batchSubmitsPerSecond', digits: 0 },
  { title: `done/s, ${BATCH}s`, member: 'batchDonePerSecond', digits: 0 },
  { title: `CPU µs/task, ${BATCH}s`, member: 'batchCpuMicrosPerTask', digits: 0 },
  { title: 'GET/s', member: 'readsPerSecond', digits: 0 },
  { title: 'CPU µs/GET', member: 'cpuMicrosPerRead', digits: 0 },
  { title: 'p50 ms', member: 'p50Ms', digits: 1 },
  { title: 'p99 ms', member: 'p99Ms', digits: 1 },
  { title: 'fsync/task', member: 'fsyncsPerTask', digits: 3 },
  { title: 'rows/task', member: 'rowsPerTask', digits: 2 },
  { title: 'peak RSS MB', member: 'peakRssMb', digits: 0 },
  { title: 'cold start ms', member: 'coldStartMs', digits: 0 },
];

/** The median of a measurement over the repetitions; NaN where there is none. */
export function medianOf(repetitions: readonly Measurements[], member: keyof Measurements): number {
  return median(repetitions.map((one) => one[member] ?? Number.NaN));
}

/** The table, in Markdown: medians of the repetitions. */
export function tableOf(results: Results): string {
  const rows = measured(results).map(([name, repetitions]) => [
    name,
    ...COLUMNS.map(({ member, digits }) => show(medianOf(repetitions, member), digits)),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const titles = ['', ...COLUMNS.map(({ title }) => title)];
  return [line(titles), line(titles.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Writes `<name>.json`, `<name>.md` and `<name>.svg` into `directory`. */
export function writeReport(directory: string, name: string, { results, faults, size, repetitions }: Report): void {
  mkdirSync(directory, { recursive: true });
  const machine = thisMachine();
  const raw = {
    at: new Date().toISOString(),
    machine,
    size,
    connections: CONNECTIONS,
    repetitions,
    results: Object.fromEntries(results),
    faults: Object.fromEntries(faults),
  };
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(raw, null, 2)}\n`);
  writeFileSync(join(directory, `${name}.svg`), plotOf(measured(results)));
  const missing = [...faults].map(([target, why]) => `- ${target}: ${why.split('\n')[0] ?? ''}`);
  writeFileSync(
    join(directory, `${name}.md`),
    `# ${name}

${tableOf(results)}

![CPU per task and tasks a second](${name}.svg)
${missing.length === 0 ? '' : `\nNot measured:\n\n${missing.join('\n')}\n`}
Medians of ${repetitions} interleaved repetitions on ${machine.cores} cores shared with the client and with whatever else ran
(${machine.cpu}; load average ${machine.load.map((one) => one.toFixed(1)).join(', ')}). Where others use the cores too, rates and times say little; CPU per
task, from the kernel's accounting of all server processes, holds. Load: at most ${size.tasks.toLocaleString('en')} tasks or ${size.loadMs / 1_000} s of submitting, one a request
over ${CONNECTIONS} connections, then in batches of ${BATCH} over 4. *done* counts from the first submit to the last result, CPU until then; every
result is read and checked. *p50* and *p99* are of ${size.lone} lone tasks at ${LONE_PER_SECOND} a second, from submit to result in one request. *fsync*
is of a load of ${size.traced.toLocaleString('en')} under \`strace\`, which slows a target down, so that fewer tasks share a commit or more. The raw figures
are in \`${name}.json\`.
`,
  );
}

function measured(results: Results): [string, readonly Measurements[]][] {
  return [...results].filter(([, repetitions]) => repetitions.length > 0);
}

function show(value: number, digits: number): string {
  if (Number.isNaN(value)) return '–';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
