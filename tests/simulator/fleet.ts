/** Runs many schedules on a few threads and sums up what became of them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ScheduleResult } from './schedule.ts';
import { shortcomings, Summary } from './summary.ts';
import type { Order, ThreadData } from './thread.ts';

export interface Campaign {
  /** The first seed; the others follow. */
  readonly from: number;
  readonly count: number;
  readonly threads: number;
  /** Stops before `count` when this time is over; if the campaign does not count yet, after {@link PATIENCE} times as much. */
  readonly budgetMs?: number;
  /** Plants a bug: see plants.ts. */
  readonly plant?: string;
  /** Stops at the first broken promise. */
  readonly stopAtFirst?: boolean;
}

/** Seeds a thread is given at a time: enough to keep it busy, few enough to stop soon. */
const PORTION = 40;
const PATIENCE = 3;

/** Runs schedules until they are done, or time is. */
export async function runCampaign(campaign: Campaign): Promise<Summary> {
  const { from, count, threads, budgetMs, plant, stopAtFirst = false } = campaign;
  const summary = new Summary(from);
  const timeIsOver = (): boolean => {
    if (budgetMs === undefined || summary.elapsedMs < budgetMs) return false;
    return shortcomings(summary).length === 0 || summary.elapsedMs > PATIENCE * budgetMs;
  };
  const portions = function* (): Generator<Order> {
    for (let next = from; next < from + count; next += PORTION) {
      if (timeIsOver() || (stopAtFirst && summary.broken.length > 0)) return;
      yield { kind: 'seeds', from: next, count: Math.min(PORTION, from + count - next), stopAtFirst };
    }
  };
  await share(threads, plant === undefined ? {} : { plant }, portions(), (result) => summary.add(result));
  return summary;
}

/** Runs each of these seeds without faults but one crash, at every crash point in turn. */
export async function sweepCrashes(seeds: readonly number[], threads: number): Promise<Summary> {
  const summary = new Summary(seeds[0] ?? 0);
  const orders = seeds.map((seed): Order => ({ kind: 'crashes', seed }));
  await share(threads, {}, orders.values(), (result) => summary.add(result));
  return summary;
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
  await share(1, plant === undefined ? {} : { plant }, [order].values(), (result) => results.push(result));
  const [result] = results;
  if (result === undefined) throw new Error('The seed was not run.');
  return result;
}

async function share(threads: number, data: ThreadData, orders: Iterator<Order>, take: (result: ScheduleResult) => void): Promise<void> {
  const work = async (): Promise<void> => {
    const first = orders.next();
    if (first.done === true) return;
    const thread = startThread(data);
    try {
      for (let order: IteratorResult<Order> = first; order.done !== true; order = orders.next())
        for (const result of await ask(thread, order.value)) take(result);
    } finally {
      await thread.worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
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

async function ask({ worker, ended }: Thread, order: Order): Promise<readonly ScheduleResult[]> {
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
