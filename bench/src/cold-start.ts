/**
 * `npm run bench:cold-start -- [--runtimes=workerd,node,bun,deno] [--starts=10]`: how long a start takes until a first task is
 * answered, and how much memory the service then holds. Each start is of a new process on an empty directory; another goes on
 * with the same directory. `npm run docs:reliability` writes what it keeps into its page.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRuntimeName, RUNTIMES, type RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';
import { startErrand } from './errand-target.ts';
import { usageOf } from './process-tree.ts';
import { median, percentile } from './statistics.ts';

const RESULTS = join(import.meta.dirname, '..', 'results');

interface Start {
  /** From the start of the process until a task was answered with 201. */
  readonly answeredMs: number;
  /** Resident then, of all processes of the service. */
  readonly rssMb: number;
}

const { values } = parseArgs({ options: { runtimes: { type: 'string' }, starts: { type: 'string', default: '10' } } });
const runtimes = (values.runtimes ?? RUNTIMES.join(',')).split(',');
const starts = Number(values.starts);
if (!runtimes.every(isRuntimeName) || !Number.isInteger(starts) || starts < 1) {
  console.error(`Usage: npm run bench:cold-start -- [--runtimes=${RUNTIMES.join(',')}] [--starts=<from 1>]`);
  process.exit(1);
}

const first = new Map<RuntimeName, Start[]>();
const again = new Map<RuntimeName, Start[]>();
// Interleaved, so that a busy minute hits all alike.
for (let number = 0; number < starts; number += 1) for (const runtime of runtimes.filter(isRuntimeName)) await startTwice(runtime);
report();

async function startTwice(runtime: RuntimeName): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'errand cold start '));
  try {
    for (const starts of [first, again]) starts.set(runtime, [...(starts.get(runtime) ?? []), await startOnce(runtime, directory)]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startOnce(runtime: RuntimeName, directory: string): Promise<Start> {
  const begunAt = performance.now();
  const service = await startErrand(runtime, directory);
  try {
    const { method, path, body = '' } = service.submit(1, 'go on');
    const [, authorization = ''] = /authorization: (.*)\r\n/.exec(service.headers) ?? [];
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${service.url}${path}`, { method, body, headers });
    service.idOf(answer.status, await answer.text());
    return { answeredMs: performance.now() - begunAt, rssMb: usageOf(service.pids).rssMb };
  } finally {
    await service.stop();
  }
}

function report(): void {
  const rows = [...first].map(([runtime, one]) => {
    const two = again.get(runtime) ?? [];
    const [firstMs, firstSlowestMs] = timesOf(one);
    const [againMs, againSlowestMs] = timesOf(two);
    return { runtime, firstMs, firstSlowestMs, againMs, againSlowestMs, rssMb: Math.round(median(one.map(({ rssMb }) => rssMb))) };
  });
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', load: loadavg().map((value) => Number(value.toFixed(1))) };
  console.table(rows);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'cold-start.json'), `${JSON.stringify({ starts, machine, rows }, null, 2)}\n`);
}

/** The median and the slowest, ms. */
function timesOf(starts: readonly Start[]): [number, number] {
  const times = starts.map(({ answeredMs }) => answeredMs);
  return [Math.round(median(times)), Math.round(percentile(times, 1))];
}
