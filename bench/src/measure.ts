/** The measurements of one target in one repetition: rates under load, CPU, rows and syncs per task, and times of a lone task. */
import { countFsyncs } from './fsyncs.ts';
import { asFastAsPossible, atRate } from './load.ts';
import { usageOf } from './process-tree.ts';
import { percentile } from './statistics.ts';
import type { RunningTarget } from './target.ts';

export interface Size {
  /** Tasks of each load, unless the time is over before. */
  readonly tasks: number;
  /** Submitting a load takes at most this long. */
  readonly loadMs: number;
  readonly warmUp: number;
  /** Tasks of the measurement of times. */
  readonly lone: number;
  /** Tasks of the count of syncs. Tracing slows a target down, so it is a load of its own. */
  readonly traced: number;
}

/** One repetition. Every name carries its unit; `null` is what a target does not have or nobody can tell. */
export interface Measurements {
  readonly coldStartMs: number;
  readonly submitsPerSecond: number;
  readonly donePerSecond: number;
  readonly cpuMicrosPerTask: number;
  readonly batchSubmitsPerSecond: number | null;
  readonly batchDonePerSecond: number | null;
  readonly batchCpuMicrosPerTask: number | null;
  readonly readsPerSecond: number;
  readonly cpuMicrosPerRead: number;
  readonly rowsPerTask: number | null;
  readonly fsyncsPerTask: number | null;
  readonly peakRssMb: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const CONNECTIONS = 32;
export const BATCH = 500;
export const LONE_PER_SECOND = 50;
/** Requests with batches under way at a time. */
const BATCH_CONNECTIONS = 4;
const POLL_EVERY_MS = 50;
const DONE_WITHIN_MS = 90_000;

/** What one load came to. */
export interface Load {
  readonly ids: readonly string[];
  readonly submitsPerSecond: number;
  readonly donePerSecond: number;
  readonly cpuMicrosPerTask: number;
}

export async function measure(target: RunningTarget, size: Size, coldStartMs: number): Promise<Measurements> {
  await load(target, { ...size, tasks: size.warmUp }, single);
  const rowsBefore = await target.rowsWritten();
  const under = await load(target, size, single);
  const rowsAfter = await target.rowsWritten();
  const reads = await readAll(target, under.ids);
  const batch = target.submitMany === undefined ? undefined : await load(target, size, batches);
  if (batch !== undefined) await readAll(target, batch.ids);
  const times = await lone(target, size.lone);
  const { peakRssMb } = usageOf(target.pids);
  const traced =
    size.traced === 0
      ? undefined
      : await countFsyncs(target.pids, async () => void (await load(target, { ...size, tasks: size.traced }, single)));
  return {
    coldStartMs,
    submitsPerSecond: under.submitsPerSecond,
    donePerSecond: under.donePerSecond,
    cpuMicrosPerTask: under.cpuMicrosPerTask,
    batchSubmitsPerSecond: batch?.submitsPerSecond ?? null,
    batchDonePerSecond: batch?.donePerSecond ?? null,
    batchCpuMicrosPerTask: batch?.cpuMicrosPerTask ?? null,
    ...reads,
    rowsPerTask: rowsBefore === undefined || rowsAfter === undefined ? null : (rowsAfter - rowsBefore) / under.ids.length,
    fsyncsPerTask: traced === undefined ? null : traced / size.traced,
    peakRssMb,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}

/** How much one load is. */
type LoadSize = Pick<Size, 'tasks' | 'loadMs'>;
type Submit = (target: RunningTarget, size: LoadSize) => Promise<string[]>;

/** A task a request, over many connections. */
export async function single(target: RunningTarget, { tasks, loadMs }: LoadSize): Promise<string[]> {
  const ids: string[] = [];
  await asFastAsPossible(
    target,
    { connections: CONNECTIONS, count: tasks, withinMs: loadMs },
    (n) => target.submit(n, 'go on'),
    (n, { status, body }) => {
      ids[n] = target.idOf(status, body);
    },
  );
  return ids;
}

/** Many tasks a request, over few connections. */
export async function batches(target: RunningTarget, { tasks, loadMs }: LoadSize): Promise<string[]> {
  const ids: string[][] = [];
  await asFastAsPossible(
    target,
    { connections: BATCH_CONNECTIONS, count: Math.ceil(tasks / BATCH), withinMs: loadMs },
    (n) => target.submitMany?.(n * BATCH, BATCH) ?? target.submit(n, 'go on'),
    (n, { status, body }) => {
      ids[n] = target.idsOf?.(status, body) ?? [];
    },
  );
  return ids.flat();
}

/** Submits tasks as fast as they are taken, and waits until all are done. CPU is of both, to the last result. */
export async function load(target: RunningTarget, size: LoadSize, submit: Submit): Promise<Load> {
  const doneBefore = await target.completed();
  const cpuBefore = usageOf(target.pids).cpuMs;
  const begun = performance.now();
  const ids = await submit(target, size);
  const submittedMs = performance.now() - begun;
  await untilDone(target, doneBefore + ids.length);
  const doneMs = performance.now() - begun;
  const cpuMs = usageOf(target.pids).cpuMs - cpuBefore;
  return {
    ids,
    submitsPerSecond: (ids.length / submittedMs) * 1_000,
    donePerSecond: (ids.length / doneMs) * 1_000,
    cpuMicrosPerTask: (cpuMs / ids.length) * 1_000,
  };
}

async function untilDone(target: RunningTarget, wanted: number): Promise<void> {
  for (const until = performance.now() + DONE_WITHIN_MS; (await target.completed()) < wanted;) {
    if (performance.now() > until) throw new Error(`Tasks were not done in time: ${wanted - (await target.completed())} are missing.`);
    await new Promise((done) => setTimeout(done, POLL_EVERY_MS));
  }
}

/** Reads and checks every result. */
async function readAll(target: RunningTarget, ids: readonly string[]): Promise<Pick<Measurements, 'readsPerSecond' | 'cpuMicrosPerRead'>> {
  const cpuBefore = usageOf(target.pids).cpuMs;
  const begun = performance.now();
  await asFastAsPossible(
    target,
    { connections: CONNECTIONS, count: ids.length, withinMs: DONE_WITHIN_MS },
    (n) => target.read(ids[n] ?? ''),
    (n, { status, body }) => {
      if (!target.isResult(n, body)) throw new Error(`A result is wrong: ${status} ${body}`);
    },
  );
  return {
    readsPerSecond: (ids.length / (performance.now() - begun)) * 1_000,
    cpuMicrosPerRead: ((usageOf(target.pids).cpuMs - cpuBefore) / ids.length) * 1_000,
  };
}

/** The times from submit to result of tasks that come one by one. */
function lone(target: RunningTarget, count: number): Promise<number[]> {
  return atRate(
    target,
    1_000 / LONE_PER_SECOND,
    count,
    (n) => target.submit(n, 'wait'),
    (n, { status, body }) => {
      if (!target.isResult(n, body)) throw new Error(`A task did not have its result: ${status} ${body}`);
    },
  );
}
