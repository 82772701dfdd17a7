/**
 * `npm run bench:profile-node`: where Node's thread spends its time while it takes and performs tasks, and while
 * it reads them. Prints the functions with the most time of their own, and keeps the profile for Chrome's developer tools.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startErrand } from './errand-target.ts';
import { asFastAsPossible } from './load.ts';
import { CONNECTIONS } from './measure.ts';
import { ownTimes, type CpuProfile } from './own-times.ts';
import { usageOf } from './process-tree.ts';
import type { RunningTarget } from './target.ts';

const TASKS = 15_000;
const LOAD_WITHIN_MS = 60_000;
const SHOWN = 60;
const KEPT = join(import.meta.dirname, '..', '..', 'tests', 'output', 'node.cpuprofile');
const isReading = process.argv.includes('--read');

const directory = mkdtempSync(join(tmpdir(), 'errand profile '));
try {
  const target = await startErrand('node', directory, ['--cpu-prof', '--cpu-prof-interval=250', `--cpu-prof-dir=${directory}`]);
  try {
    const before = usageOf(target.pids).cpuMs;
    const ids = await submit(target);
    console.log(
      `${Math.round(((usageOf(target.pids).cpuMs - before) / TASKS) * 1_000)} µs of CPU per task, the first ones and the profiler's own included`,
    );
    if (isReading) await read(target, ids);
  } finally {
    await target.stop();
  }
  const file = readdirSync(directory).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('Node kept no profile.');
  const text = readFileSync(join(directory, file), 'utf8');
  mkdirSync(join(KEPT, '..'), { recursive: true });
  writeFileSync(KEPT, text);
  for (const { name, shareOfTime } of ownTimes(JSON.parse(text) as CpuProfile).slice(0, SHOWN))
    console.log(`${(shareOfTime * 100).toFixed(1).padStart(5)} %  ${name}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function submit(target: RunningTarget): Promise<string[]> {
  const ids: string[] = [];
  await asFastAsPossible(
    target,
    { connections: CONNECTIONS, count: TASKS, withinMs: LOAD_WITHIN_MS },
    (n) => target.submit(n, 'go on'),
    (n, { status, body }) => {
      ids[n] = target.idOf(status, body);
    },
  );
  while ((await target.completed()) < ids.length) await new Promise((done) => setTimeout(done, 50));
  return ids;
}

async function read(target: RunningTarget, ids: readonly string[]): Promise<void> {
  for (let round = 0; round < 3; round += 1)
    await asFastAsPossible(
      target,
      { connections: CONNECTIONS, count: ids.length, withinMs: LOAD_WITHIN_MS },
      (n) => target.read(ids[n] ?? ''),
      () => undefined,
    );
}
