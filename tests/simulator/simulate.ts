/**
 * `npm run simulate -- [--seeds N] [--from S] [--minutes M] [--threads T] [--summary FILE]` explores fresh seeds, or those from S.
 * `npm run simulate -- --seed N [--crash-at K] [--plant NAME]` replays one and tells what happened, line by line.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { replay, runCampaign, shortcomings } from './fleet.ts';
import { describeSummary, replayCommand } from './report.ts';

/** Seeds are drawn below this, so that they are short to type. */
const SEEDS_BELOW = 1_000_000_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    minutes: { type: 'string' },
    threads: { type: 'string' },
    summary: { type: 'string' },
    seed: { type: 'string' },
    'crash-at': { type: 'string' },
    plant: { type: 'string' },
  },
});

process.exit(values.seed === undefined ? await explore() : await tell(number('seed', values.seed)));

async function explore(): Promise<number> {
  const from = values.from === undefined ? randomInt(SEEDS_BELOW) : number('from', values.from);
  const minutes = values.minutes === undefined ? undefined : number('minutes', values.minutes);
  const count =
    values.seeds === undefined ? (minutes === undefined ? 10_000 : Number.MAX_SAFE_INTEGER - from) : number('seeds', values.seeds);
  console.log(`seeds from ${from}`);
  const summary = await runCampaign({
    from,
    count,
    threads: values.threads === undefined ? availableParallelism() : number('threads', values.threads),
    ...(minutes === undefined ? {} : { budgetMs: minutes * 60_000 }),
    ...(values.plant === undefined ? {} : { plant: values.plant }),
  });
  const text = describeSummary(summary);
  console.log(text);
  if (values.summary !== undefined) {
    mkdirSync(dirname(values.summary), { recursive: true });
    writeFileSync(values.summary, `${text}\n`);
  }
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

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} takes a number, not "${text}".`);
  process.exit(2);
}
