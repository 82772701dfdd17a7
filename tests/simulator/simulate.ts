/**
 * `npm run simulate -- [--seeds N] [--from S] [--minutes M] [--threads T] [--summary FILE] [--keep]` explores fresh seeds, or
 * those from S; `--keep` adds what it came to to the summary in the repository (`npm run docs:reliability` writes it into its page).
 * `npm run simulate -- --seed N [--crash-at K] [--plant NAME]` replays one and tells what happened, line by line.
 * `npm run simulate -- --plants` finds every planted bug, and keeps the seeds that found them for the tests.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { keepExplored } from './explored.ts';
import { findPlant, readFoundAt, writeFoundAt } from './find-plants.ts';
import { replay, runCampaign } from './fleet.ts';
import { PLANTS } from './plants.ts';
import { describeSummary, replayCommand, shortcomings } from './summary.ts';

/** Seeds are drawn below this, so that they are short to type. */
const SEEDS_BELOW = 1_000_000_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    minutes: { type: 'string' },
    threads: { type: 'string' },
    summary: { type: 'string' },
    keep: { type: 'boolean' },
    seed: { type: 'string' },
    'crash-at': { type: 'string' },
    plant: { type: 'string' },
    plants: { type: 'boolean' },
  },
});

process.exit(await run());

async function run(): Promise<number> {
  if (values.seed !== undefined) return tell(number('seed', values.seed));
  return values.plants === true ? find() : explore();
}

async function explore(): Promise<number> {
  const from = values.from === undefined ? randomInt(SEEDS_BELOW) : number('from', values.from);
  const minutes = values.minutes === undefined ? undefined : number('minutes', values.minutes);
  const count =
    values.seeds === undefined ? (minutes === undefined ? 10_000 : Number.MAX_SAFE_INTEGER - from) : number('seeds', values.seeds);
  console.log(`seeds from ${from}`);
  const summary = await runCampaign({
    from,
    count,
    threads: threads(),
    ...(minutes === undefined ? {} : { budgetMs: minutes * 60_000 }),
    ...(values.plant === undefined ? {} : { plant: values.plant }),
  });
  const text = describeSummary(summary);
  console.log(text);
  if (values.summary !== undefined) {
    mkdirSync(dirname(values.summary), { recursive: true });
    writeFileSync(values.summary, `${text}\n`);
  }
  if (values.keep === true) keepExplored(summary);
  return summary.broken.length === 0 && shortcomings(summary).length === 0 ? 0 : 1;
}

async function tell(seed: number): Promise<number> {
  const crashAt = values['crash-at'] === undefined ? undefined : number('crash-at', values['crash-at']);
  const result = await replay(seed, {
    ...(crashAt === undefined ? {} : { crashAt }),
    ...(values.plant === undefined ? {} : { plant: values.plant }),
  });
  console.log(result.trace?.join('\n'));
  console.log(result.violation === undefined ? `seed ${seed}: every promise held` : `seed ${seed}: ${result.violation}`);
  console.log(replayCommand(result, values.plant));
  return result.violation === undefined ? 0 : 1;
}

async function find(): Promise<number> {
  const known = readFoundAt();
  const found: Record<string, number> = {};
  for (const { name, harm } of PLANTS) {
    const result = await findPlant(name, known[name], threads());
    console.log(`${name} (${harm}): ${result === undefined ? 'NOT FOUND' : `seed ${result.seed}, ${result.violation?.split('\n')[0]}`}`);
    if (result !== undefined) found[name] = result.seed;
  }
  writeFoundAt(found);
  return Object.keys(found).length === PLANTS.length ? 0 : 1;
}

function threads(): number {
  return values.threads === undefined ? availableParallelism() : number('threads', values.threads);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} takes a number, not "${text}".`);
  process.exit(2);
}
