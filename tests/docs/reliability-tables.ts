/**
 * The tables of the page on reliability, made from what was kept and from the sources: what was explored, killed and planted,
 * and which suite holds on which runtime. A test compares them with the page, and `npm run docs:reliability` writes them into it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS } from '@errand/edge-worker/api/endpoints';
import { contractOf, CONTRACTS, type ContractName } from '../../apps/edge-worker/src/runtimes/contracts/contracts.ts';
import { RUNTIMES } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import { readCycles } from '../chaos/kept-cycles.ts';
import { DIFFERENTIAL_SEEDS } from '../runtimes/differential-seeds.ts';
import { readExplored } from '../simulator/explored.ts';
import { readFoundAt } from '../simulator/find-plants.ts';
import { PLANTS } from '../simulator/plants.ts';
import { ROOT } from '../tidy/tree.ts';

export const RELIABILITY_PAGE = join(ROOT, 'docs', 'operations', 'reliability.md');

/** One start of a runtime, as the bench keeps it. */
interface ColdStart {
  readonly runtime: string;
  readonly firstMs: number;
  readonly firstSlowestMs: number;
  readonly againMs: number;
  readonly againSlowestMs: number;
  readonly rssMb: number;
}

/** Lines by the name of the place in the page that they belong to. */
export function reliabilityTables(): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ['simulator', simulator()],
    ['chaos', chaos()],
    ['plants', plants()],
    ['contracts', contracts()],
    ['cold-start', coldStart()],
  ]);
}

/** What stands in the page at the place called `name`, without its marks. */
export function linesAt(page: string, name: string): readonly string[] | undefined {
  const { first, last } = marksOf(name);
  const [, rest] = page.split(`${first}\n`);
  return rest?.split(last)[0]?.split('\n').slice(0, -1);
}

/** The page with its tables as they should be. A place that is not in it is an error. */
export function withTables(page: string): string {
  return [...reliabilityTables()].reduce((text, [name, lines]) => {
    const { first, last } = marksOf(name);
    const old = linesAt(text, name);
    if (old === undefined) throw new Error(`The page has no place for ${name}.`);
    return text.replace(blockOf(first, old, last), () => blockOf(first, lines, last));
  }, page);
}

function blockOf(first: string, lines: readonly string[], last: string): string {
  return [first, ...lines, last].join('\n');
}

function marksOf(name: string): { readonly first: string; readonly last: string } {
  return { first: `<!-- ${name} -->`, last: `<!-- /${name} -->` };
}

function simulator(): string[] {
  const { schedules, tasks, steps, operations, succeeded, seconds, broken, fired } = readExplored();
  const faults = Object.values(fired);
  return [
    '| fresh schedules | tasks | steps | operations | of which succeeded | faults of | kinds | schedules a second | broke a promise |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    `| ${[
      count(schedules),
      count(tasks),
      count(steps),
      count(operations),
      `${((100 * succeeded) / Math.max(1, operations)).toFixed(1)} %`,
      count(faults.reduce((sum, times) => sum + times, 0)),
      count(faults.length),
      count(Math.round(schedules / Math.max(1, seconds))),
      count(broken.length),
    ].join(' | ')} |`,
  ];
}

function chaos(): string[] {
  const rows = RUNTIMES.map((runtime) => {
    const { cycles, acknowledged, unanswered, lost, doubled, wrong, backMs } = readCycles(runtime);
    const at = (share: number): string => count(backMs[Math.max(0, Math.ceil(share * backMs.length) - 1)] ?? 0);
    const counts = [cycles, acknowledged, unanswered, lost.length, doubled.length, wrong.length].map(count);
    return `| ${[runtime, ...counts, at(0.5), at(0.95), at(1)].join(' | ')} |`;
  });
  return [
    '| runtime | kills | acknowledged | cut off | lost | doubled | wrong | back, ms (p50) | p95 | slowest |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ];
}

function plants(): string[] {
  const foundAt = readFoundAt();
  return [
    '| planted bug | what goes wrong | found by seed |',
    '|---|---|---:|',
    ...PLANTS.map(({ name, harm }) => `| \`${name}\` | ${harm} | ${foundAt[name] ?? '–'} |`),
  ];
}

function contracts(): string[] {
  const row = (suite: string, kept: (runtime: (typeof RUNTIMES)[number]) => string): string =>
    `| ${[suite, ...RUNTIMES.map((runtime) => kept(runtime))].join(' | ')} |`;
  return [
    `| suite | ${RUNTIMES.join(' | ')} |`,
    `|---|${RUNTIMES.map(() => '---:').join('|')}|`,
    ...(Object.keys(CONTRACTS) as ContractName[]).map((name) => {
      const { port, cases } = contractOf(name);
      return row(`${port}, rules`, (runtime) => (runtime === 'workerd' && name === 'sql-limits' ? '–' : String(cases.length)));
    }),
    row('the API, endpoints', () => String(ENDPOINTS.length)),
    row('the same sequences of commands, with the same answers and rows', () => String(DIFFERENTIAL_SEEDS)),
  ];
}

function coldStart(): string[] {
  const { rows } = JSON.parse(readFileSync(join(ROOT, 'bench', 'results', 'cold-start.json'), 'utf8')) as {
    readonly rows: readonly ColdStart[];
  };
  return [
    '| runtime | first answer, ms | slowest | on a directory in use, ms | slowest | RSS, MB |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ runtime, firstMs, firstSlowestMs, againMs, againSlowestMs, rssMb }) =>
        `| ${[runtime, ...[firstMs, firstSlowestMs, againMs, againSlowestMs, rssMb].map((value) => count(Math.round(value)))].join(' | ')} |`,
    ),
  ];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
