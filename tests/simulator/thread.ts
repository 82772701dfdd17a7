/** A thread that runs schedules: even seeds with small limits, odd ones with the real ones. A planted bug is in both. */
import { parentPort, workerData } from 'node:worker_threads';
import { SMALL_LIMITS } from './limits.ts';
import { PLANTS } from './plants.ts';
import type * as ScheduleModule from './schedule.ts';
import type { ScheduleOptions, ScheduleResult, Simulator } from './schedule.ts';
import { loadVariant } from './source-variant.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly plant?: string;
}

/** What a thread is asked: to run these seeds, or one seed with a crash at each of its crash points in turn. */
export type Order =
  | {
      readonly kind: 'seeds';
      readonly from: number;
      readonly count: number;
      readonly options?: ScheduleOptions;
      readonly stopAtFirst: boolean;
    }
  | { readonly kind: 'crashes'; readonly seed: number };

const port = parentPort;
if (port === null) throw new Error('This module runs in a thread.');
const { plant } = workerData as ThreadData;
const planted = plant === undefined ? [] : PLANTS.filter(({ name }) => name === plant).map(({ edit }) => edit);
if (plant !== undefined && planted.length === 0) throw new Error(`There is no planted bug named ${plant}.`);

/** Loaded when they are first wanted: a thread that runs one seed wants one of them. */
const simulators = new Map<'small' | 'real', Promise<Simulator>>();

function simulatorOf(seed: number): Promise<Simulator> {
  const limits = seed % 2 === 0 ? 'small' : 'real';
  const known = simulators.get(limits) ?? load(limits);
  simulators.set(limits, known);
  return known;
}

async function load(limits: 'small' | 'real'): Promise<Simulator> {
  // The plant comes first: a limit's name may be part of it.
  const edits = limits === 'small' ? [...planted, ...SMALL_LIMITS] : planted;
  const { Simulator } = await loadVariant<typeof ScheduleModule>('./schedule.ts', limits, edits);
  return new Simulator();
}

let unexplained: Error | undefined;
process.on('unhandledRejection', (fault) => (unexplained ??= fault as Error));

port.on('message', (order: Order) => {
  // A source that cannot be loaded is no story of a world: it ends the thread.
  obey(order).catch((fault: unknown) =>
    setImmediate(() => {
      throw fault;
    }),
  );
});

async function obey(order: Order): Promise<void> {
  const results = order.kind === 'seeds' ? await runSeeds(order) : await runCrashes(order.seed);
  port?.postMessage(results);
}

async function runSeeds({ from, count, options, stopAtFirst }: Extract<Order, { kind: 'seeds' }>): Promise<ScheduleResult[]> {
  const results: ScheduleResult[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const result = await run(seed, options);
    results.push(result);
    if (stopAtFirst && result.violation !== undefined) break;
  }
  return results;
}

/** A calm world, cut down at its first crash point, then at its second, until there is none left. */
async function runCrashes(seed: number): Promise<ScheduleResult[]> {
  const results: ScheduleResult[] = [];
  for (let crashAt = 1; ; crashAt++) {
    const result = await run(seed, { crashAt });
    if (result.crashPoints < crashAt) return results;
    results.push(result);
    if (result.violation !== undefined) return results;
  }
}

async function run(seed: number, options: ScheduleOptions = {}): Promise<ScheduleResult> {
  const result = await (await simulatorOf(seed)).run(seed, options);
  if (unexplained === undefined || result.violation !== undefined) return result;
  const violation = `an unhandled rejection: ${unexplained.stack}`;
  unexplained = undefined;
  return { ...result, violation };
}
