/** Runs many schedules on a few threads and sums up what became of them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Order, ThreadData } from './thread.ts';
import type { ScheduleResult } from './schedule.ts';
import { CONSEQUENCES, CRASH_POINTS, FAULT_KINDS, type FaultName } from './world/faults.ts';

export interface Campaign {
  /** The first seed; the others follow. */
  readonly from: number;
  readonly count: number;
  readonly threads: number;
  /** Stops before `count` when this time is over. */
  readonly budgetMs?: number;
  /** Plants a bug: see plants.ts. */
  readonly plant?: string;
  /** Stops at the first broken promise. */
  readonly stopAtFirst?: boolean;
}

/** What a campaign came to. */
export interface Summary {
  readonly from: number;
  readonly schedules: number;
  readonly broken: readonly ScheduleResult[];
  readonly steps: number;
  readonly tasks: number;
  readonly operations: number;
  readonly succeeded: number;
  readonly fired: ReadonlyMap<FaultName, number>;
  readonly elapsedMs: number;
}

/** Every fault a campaign must have seen to count. */
export const ALL_FAULTS: readonly FaultName[] = [
  ...FAULT_KINDS,
  ...CRASH_POINTS.map((point) => `crash ${point}` as const),
  ...CONSEQUENCES,
];
/** Of the operations of a campaign that counts, at least this part succeeded. */
export const LEAST_SUCCESS = 0.6;

/** Seeds a thread is given at a time: enough to keep it busy, few enough to stop soon. */
const PORTION = 40;

/** Runs schedules until they are done, or time is. */
export async function runCampaign(campaign: Campaign): Promise<Summary> {
  const startedAt = performance.now();
  const results: ScheduleResult[] = [];
  let next = campaign.from;
  const end = campaign.from + campaign.count;
  const isOver = (): boolean =>
    next >= end ||
    (campaign.budgetMs !== undefined && performance.now() - startedAt > campaign.budgetMs) ||
    (campaign.stopAtFirst === true && results.some(({ violation }) => violation !== undefined));
  const portions = function* (): Generator<Order> {
    while (!isOver()) {
      const count = Math.min(PORTION, end - next);
      yield { kind: 'seeds', from: next, count, stopAtFirst: campaign.stopAtFirst === true };
      next += count;
    }
  };
  const data: ThreadData = campaign.plant === undefined ? {} : { plant: campaign.plant };
  await share(campaign.threads, data, portions(), (some) => results.push(...some));
  return summarize(campaign.from, results, performance.now() - startedAt);
}

/** Runs each of these seeds without faults but one crash, at every crash point in turn. */
export async function sweepCrashes(seeds: readonly number[], threads: number): Promise<Summary> {
  const startedAt = performance.now();
  const results: ScheduleResult[] = [];
  const orders = function* (): Generator<Order> {
    for (const seed of seeds) yield { kind: 'crashes', seed };
  };
  await share(threads, {}, orders(), (some) => results.push(...some));
  return summarize(seeds[0] ?? 0, results, performance.now() - startedAt);
}

/** What happened in one schedule, line by line. */
export async function replay(seed: number, options: { readonly crashAt?: number; readonly plant?: string }): Promise<ScheduleResult> {
  const { crashAt, plant } = options;
  const results: ScheduleResult[] = [];
  const order: Order = {
    kind: 'seeds',
    from: seed,
    count: 1,
    stopAtFirst: false,
    options: { trace: 'traced', ...(crashAt === undefined ? {} : { crashAt }) },
  };
  await share(1, plant === undefined ? {} : { plant }, [order].values(), (some) => results.push(...some));
  const [result] = results;
  if (result === undefined) throw new Error('The seed was not run.');
  return result;
}

/** Why a campaign does not count, or nothing. */
export function shortcomings({ fired, operations, succeeded }: Summary): string[] {
  const unseen = ALL_FAULTS.filter((fault) => !fired.has(fault));
  const rate = operations === 0 ? 0 : succeeded / operations;
  return [
    ...(unseen.length === 0 ? [] : [`faults that never happened: ${unseen.join(', ')}`]),
    ...(rate >= LEAST_SUCCESS ? [] : [`only ${(rate * 100).toFixed(1)} % of ${operations} operations succeeded`]),
  ];
}

async function share(
  threads: number,
  data: ThreadData,
  orders: Iterator<Order>,
  take: (results: readonly ScheduleResult[]) => void,
): Promise<void> {
  const work = async (): Promise<void> => {
    const first = orders.next();
    if (first.done === true) return;
    const thread = startThread(data);
    try {
      for (let order: IteratorResult<Order> = first; order.done !== true; order = orders.next()) take(await ask(thread, order.value));
    } finally {
      await thread.worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

async function ask(thread: Thread, order: Order): Promise<readonly ScheduleResult[]> {
  const { worker, ended } = thread;
  const stop = new AbortController();
  // This is no window: there is no origin to check.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(order);
  try {
    // A thread that fails makes `once` throw what it failed with.
    const [answer] = (await Promise.race([once(worker, 'message', { signal: stop.signal }), ended])) as [readonly ScheduleResult[]];
    return answer;
  } finally {
    stop.abort();
  }
}

interface Thread {
  readonly worker: Worker;
  /** Rejects when it ends by itself. */
  readonly ended: Promise<never>;
}

function startThread(data: ThreadData): Thread {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: data,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const { promise: ended, reject } = Promise.withResolvers<never>();
  worker.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)));
  // Ending a thread on purpose is no fault.
  ended.catch(() => {});
  return { worker, ended };
}

function summarize(from: number, results: readonly ScheduleResult[], elapsedMs: number): Summary {
  const fired = new Map<FaultName, number>();
  for (const [fault, times] of results.flatMap((result) => result.fired)) fired.set(fault, (fired.get(fault) ?? 0) + times);
  const sum = (of: (result: ScheduleResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    from,
    schedules: results.length,
    broken: results.filter(({ violation }) => violation !== undefined),
    steps: sum(({ steps }) => steps),
    tasks: sum(({ tasks }) => tasks),
    operations: sum(({ operations }) => operations),
    succeeded: sum(({ succeeded }) => succeeded),
    fired,
    elapsedMs,
  };
}
