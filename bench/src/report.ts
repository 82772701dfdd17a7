/** Says what was measured: a table for people, and everything raw for whoever wants to know better. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { CONNECTIONS, type Measurements, type Size } from './measure.ts';
import { median } from './statistics.ts';

/** Every repetition of every target, by its name. */
export type Results = ReadonlyMap<string, readonly Measurements[]>;

interface Column {
  readonly title: string;
  readonly show: (value: (member: keyof Measurements) => number) => string;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const COLUMNS: readonly Column[] = [
  { title: 'submits/s', show: (of) => whole(of('submitsPerSecond')) },
  { title: 'done/s', show: (of) => whole(of('donePerSecond')) },
  { title: 'reads/s', show: (of) => whole(of('readsPerSecond')) },
  { title: 'CPU µs/task', show: (of) => whole(of('cpuMicrosPerTask')) },
  { title: 'rows/task', show: (of) => (Number.isNaN(of('rowsPerTask')) ? '–' : of('rowsPerTask').toFixed(2)) },
  { title: 'p50 ms', show: (of) => of('p50Ms').toFixed(1) },
  { title: 'p99 ms', show: (of) => of('p99Ms').toFixed(1) },
  { title: 'RSS MB', show: (of) => whole(of('rssMb')) },
];

/** The table, in Markdown: medians of the repetitions. */
export function tableOf(results: Results): string {
  const rows = [...results].map(([name, repetitions]) => {
    const medianOf = (member: keyof Measurements): number => median(repetitions.map((one) => one[member] ?? Number.NaN));
    return [name, ...COLUMNS.map(({ show }) => show(medianOf))];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const titles = ['', ...COLUMNS.map(({ title }) => title)];
  return [line(titles), line(titles.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Writes `<name>.json` and `<name>.md` into `directory`. */
export function writeReport(directory: string, name: string, results: Results, size: Size, repetitions: number): void {
  mkdirSync(directory, { recursive: true });
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model.trim() ?? 'unknown', kernel: release(), node: process.version };
  const raw = { at: new Date().toISOString(), machine, size, connections: CONNECTIONS, repetitions, results: Object.fromEntries(results) };
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(raw, null, 2)}\n`);
  writeFileSync(
    join(directory, `${name}.md`),
    `# ${name}

${tableOf(results)}

Medians of ${repetitions} interleaved repetitions on ${machine.cores} cores shared with the client (${machine.cpu}). Load: ${size.tasks.toLocaleString('en')} tasks, one
a request, over ${CONNECTIONS} connections; *done* counts from the first submit to the last result, and CPU is of all server processes
until then, divided by tasks. *p50* and *p99* are of ${size.lone} lone tasks at 20 a second, from submit to result in one
request. Made by \`npm run bench\`; the raw figures are in \`${name}.json\`.
`,
  );
}
