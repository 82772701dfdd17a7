/** The measurements of one target in one repetition: rates under load, CPU and rows per task, and times of a lone task. */
import { asFastAsPossible, atRate } from './load.ts';
import { usageOf } from './process-tree.ts';
import { percentile } from './statistics.ts';
import type { RunningTarget } from './target.ts';

export interface Size {
  readonly tasks: number;
  readonly warmUp: number;
  /** Tasks of the measurement of times. */
  readonly lone: number;
}

/** One repetition. Every name carries its unit. */
export interface Measurements {
  readonly submitsPerSecond: number;
  readonly donePerSecond: number;
  readonly readsPerSecond: number;
  readonly cpuMicrosPerTask: number;
  readonly rowsPerTask: number | null;
  readonly rssMb: number;
  readonly lonePerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const CONNECTIONS = 32;
const LONE_EVERY_MS = 50;
const POLL_EVERY_MS = 20;
const DONE_WITHIN_MS = 120_000;

export async function measure(target: RunningTarget, size: Size): Promise<Measurements> {
  await load(target, size.warmUp);
  const rowsBefore = await target.rowsWritten();
  const under = await load(target, size.tasks);
  const rowsAfter = await target.rowsWritten();
  const readsPerSecond = await readAll(target, under.ids);
  const times = await atRate(
    target,
    LONE_EVERY_MS,
    size.lone,
    (n) => target.submit(n, 'wait'),
    (n, { status, body }) => {
      if (!target.isResult(n, body)) throw new Error(`A task did not have its result: ${status} ${body}`);
    },
  );
  return {
    submitsPerSecond: under.submitsPerSecond,
    donePerSecond: under.donePerSecond,
    readsPerSecond,
    cpuMicrosPerTask: under.cpuMicrosPerTask,
    rowsPerTask: rowsBefore === undefined || rowsAfter === undefined ? null : (rowsAfter - rowsBefore) / size.tasks,
    rssMb: usageOf(target.pid).rssMb,
    lonePerSecond: 1_000 / LONE_EVERY_MS,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}

/** Submits tasks as fast as they are taken, and waits until all are done. CPU is of both, to the last result. */
async function load(target: RunningTarget, count: number) {
  const ids = Array<string>(count);
  const doneBefore = await target.completed();
  const cpuBefore = usageOf(target.pid).cpuMs;
  const begun = performance.now();
  await asFastAsPossible(
    target,
    CONNECTIONS,
    count,
    (n) => target.submit(n, 'go on'),
    (n, { status, body }) => {
      ids[n] = target.idOf(status, body);
    },
  );
  const submittedMs = performance.now() - begun;
  await untilDone(target, doneBefore + count);
  const doneMs = performance.now() - begun;
  const cpuMs = usageOf(target.pid).cpuMs - cpuBefore;
  return {
    ids,
    submitsPerSecond: (count / submittedMs) * 1_000,
    donePerSecond: (count / doneMs) * 1_000,
    cpuMicrosPerTask: (cpuMs / count) * 1_000,
  };
}

async function untilDone(target: RunningTarget, wanted: number): Promise<void> {
  for (const until = performance.now() + DONE_WITHIN_MS; (await target.completed()) < wanted;) {
    if (performance.now() > until) throw new Error(`Tasks were not done in time: ${wanted - (await target.completed())} are missing.`);
    await new Promise((done) => setTimeout(done, POLL_EVERY_MS));
  }
}

/** Reads and checks every result; requests per second. */
async function readAll(target: RunningTarget, ids: readonly string[]): Promise<number> {
  const begun = performance.now();
  await asFastAsPossible(
    target,
    CONNECTIONS,
    ids.length,
    (n) => target.read(ids[n] ?? ''),
    (n, { status, body }) => {
      if (!target.isResult(n, body)) throw new Error(`A result is wrong: ${status} ${body}`);
    },
  );
  return (ids.length / (performance.now() - begun)) * 1_000;
}
