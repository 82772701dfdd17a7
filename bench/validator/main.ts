/**
 * `npm run bench:validator`: our engine beside others, in one run. Each is measured in short turns, one after the other, again
 * and again, and its fastest turn counts: whatever else the machine does only ever makes a turn slower.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@errand/core/json';
import { type BenchCase, CASES } from './cases.ts';
import { type Compiled, type Engine, ENGINES } from './engines.ts';

const ROUNDS = 15;
const TURN_MS = 30;
/** The reference, and the one of those that run on Workers that most people take. */
const REFERENCE = 'ajv';
const COMMON = 'cfworker';

type Question = 'valid' | 'invalid, first error' | 'invalid, all errors' | 'compile';

interface Row {
  readonly subject: string;
  readonly question: Question;
  /** Nanoseconds a call, by engine. */
  readonly ns: Readonly<Record<string, number>>;
}

const rows: Row[] = [];
for (const each of CASES) rows.push(...(await measureCase(each)));
rows.push(measureCompile());
report(rows);

async function measureCase({ name, schema, valid, invalid }: BenchCase): Promise<Row[]> {
  const compiled: [Engine, Compiled][] = [];
  for (const engine of ENGINES) compiled.push([engine, await engine.compile(schema)]);
  for (const [engine, { isValid, errorsIn }] of compiled) {
    if (!isValid(valid) || isValid(invalid) || errorsIn(valid) > 0 || errorsIn(invalid) === 0)
      throw new Error(`${engine.name} is wrong about "${name}"`);
  }
  // Several copies, so that no engine profits from having seen this very object.
  const [good, bad] = [copies(valid), copies(invalid)];
  const ask = (question: Question, run: (engine: Compiled, index: number) => unknown): Row => ({
    subject: name,
    question,
    ns: fastest(compiled.map(([engine, each]) => [engine.name, (index) => run(each, index)])),
  });
  return [
    ask('valid', (engine, index) => engine.isValid(good[index & 3] ?? null)),
    ask('invalid, first error', (engine, index) => engine.isValid(bad[index & 3] ?? null)),
    ask('invalid, all errors', (engine, index) => engine.errorsIn(bad[index & 3] ?? null)),
  ];
}

/** A schema taken in anew each time, as from a stranger. */
function measureCompile(): Row {
  const order = CASES.find(({ name }) => name === 'order');
  const text = JSON.stringify(order?.schema);
  const able = ENGINES.flatMap(({ name, takeIn }) => (takeIn === undefined ? [] : [[name, () => takeIn(JSON.parse(text))] as const]));
  return { subject: 'order', question: 'compile', ns: fastest(able) };
}

function copies(value: Json): Json[] {
  return Array.from({ length: 4 }, () => JSON.parse(JSON.stringify(value)) as Json);
}

/** Nanoseconds a call in the fastest turn of each. */
function fastest(subjects: readonly (readonly [name: string, run: (index: number) => unknown])[]): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of subjects) best[name] = Math.min(best[name] ?? Infinity, turn(run));
  }
  return best;
}

/** Time of this thread on the processor: others on the machine count less than on a clock. */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function turn(run: (index: number) => unknown): number {
  const start = now();
  let calls = 0;
  let elapsed = 0;
  for (let batch = 1; elapsed < TURN_MS; batch = Math.min(batch * 2, 1_024)) {
    for (let index = 0; index < batch; index += 1) run(index);
    calls += batch;
    elapsed = now() - start;
  }
  return (elapsed * 1e6) / calls;
}

function report(measured: readonly Row[]): void {
  const names = ENGINES.map(({ name, generatesCode }) => (generatesCode === true ? `${name} (generates code)` : name));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const time = (ns: number | undefined): string =>
    ns === undefined ? '–' : ns < 10_000 ? `${Math.round(ns)} ns` : `${(ns / 1_000).toFixed(0)} µs`;
  const ratio = ({ ns }: Row, other: string): number => (ns[other] ?? Number.NaN) / (ns['ours'] ?? Number.NaN);
  const table = [
    line(['', '', ...names, `of ${REFERENCE}'s speed`, `times ${COMMON}`]),
    line(['---', '---', ...names.map(() => '---:'), '---:', '---:']),
    ...measured.map((row) =>
      line([
        row.subject,
        row.question,
        ...ENGINES.map(({ name }) => time(row.ns[name])),
        row.question === 'compile' ? `${ratio(row, REFERENCE).toFixed(0)}×` : `${(100 * ratio(row, REFERENCE)).toFixed(0)} %`,
        ratio(row, COMMON).toFixed(1),
      ]),
    ),
  ].join('\n');
  console.log(table);
  const directory = join(import.meta.dirname, '..', 'results');
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model.trim() ?? 'unknown', node: process.version };
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'validator.json'),
    `${JSON.stringify({ at: new Date().toISOString(), machine, rounds: ROUNDS, rows: measured }, null, 2)}\n`,
  );
  writeFileSync(
    join(directory, 'validator.md'),
    `# validator

${table}

Processor time of one call in the fastest of ${ROUNDS} interleaved turns of ${TURN_MS} ms, on ${machine.cores} shared cores (${machine.cpu}, Node ${machine.node}).
*Compile* takes the schema of the order in anew, as from a stranger: ours and ajv, with an instance of its own for it keeps what
it has compiled for ever, judge it by its metaschema too; cfworker only looks references up. Engines that must not generate code are the choice on
Workers; ajv is here as the reference. Made by \`npm run bench:validator\`; the raw figures are in \`validator.json\`.
`,
  );
}
