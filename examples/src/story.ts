/**
 * The order story: a client that uses only the public HTTP API takes the shipped orders through all three kinds of
 * task and accounts for every one. Its idempotency keys come from the orders, so that a second run goes on with the first.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@errand/client/client';
import { rememberTasks } from './story-memory.ts';
import { followOrder, submitForPricing, type Fate, type Order, type Stages } from './story-orders.ts';
import { preparePayments } from './story-payments.ts';
import { showProgress } from './story-progress.ts';
import { publishStoryTypes } from './story-types.ts';
import { startThirdParty, type ThirdParty } from './third-party-process.ts';

/** Where the service is and where the story keeps what it must remember. */
export interface StoryOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly dataDir: string;
  readonly signal?: AbortSignal;
  /** A provider that the caller has started and stops; without it the story starts one and stops it at its end. */
  readonly thirdParty?: ThirdParty;
}

/** The sums: `completed + waiting + failed + refused = orders`. `charged` counts the payments among the completed. */
export interface StorySummary {
  readonly orders: number;
  readonly completed: number;
  readonly waiting: number;
  readonly failed: number;
  readonly refused: number;
  readonly charged: number;
}

const ORDERS = join(import.meta.dirname, '..', 'orders', 'orders.jsonl');
const CHUNK = 50;
/** Orders that are still open after this count as waiting: a payment may hang, and the story may not. */
const PATIENCE_MS = 90_000;
const SAMPLES = 3;

/** Runs the story to its summary. Throws when an order is unaccounted for. */
export async function runStory(options: StoryOptions): Promise<StorySummary> {
  mkdirSync(options.dataDir, { recursive: true });
  const own = options.thirdParty === undefined ? await startThirdParty({ dir: join(options.dataDir, 'third-party') }) : undefined;
  try {
    return await tell(options, options.thirdParty ?? (own as ThirdParty));
  } finally {
    await own?.stop();
  }
}

async function tell(options: StoryOptions, psp: ThirdParty): Promise<StorySummary> {
  const { url, apiKey, signal } = options;
  const client = createClient({ url, apiKey, ...(signal ? { signal } : {}) });
  const orders = readFileSync(ORDERS, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Order);
  await publishStoryTypes({ url, apiKey });
  await preparePayments(client, url, options.dataDir, psp);
  const remembered = await rememberTasks(client, options.dataDir, Date.now());
  const stages: Stages = { client, deadline: Date.now() + PATIENCE_MS, remembered };

  const fates = new Map<string, Fate>();
  const progress = showProgress(() => progressLine(fates, orders.length));
  try {
    const chunks = Array.from({ length: Math.ceil(orders.length / CHUNK) }, (_, at) => orders.slice(at * CHUNK, (at + 1) * CHUNK));
    const followed: Promise<void>[] = [];
    for (const chunk of chunks) {
      const items = await submitForPricing(stages, chunk);
      const follows = chunk.map(async (order, at) => {
        const item = items[at];
        if (item !== undefined) fates.set(order.id, await followOrder(stages, order, item));
      });
      const whole = Promise.all(follows).then(() => undefined);
      // A failure is met by the await below; this keeps it from being called unhandled until then.
      whole.catch(() => undefined);
      followed.push(whole);
    }
    await Promise.all(followed);
  } finally {
    progress.stop();
  }
  const summary = summarize(orders.length, fates);
  print(summary, fates);
  return summary;
}

function progressLine(fates: ReadonlyMap<string, Fate>, orders: number): string {
  const { completed, waiting, failed, refused } = count(fates);
  return `orders ${fates.size}/${orders}  completed ${completed}  waiting ${waiting}  failed ${failed}  refused ${refused}`;
}

function count(fates: ReadonlyMap<string, Fate>): Omit<StorySummary, 'orders'> {
  const sums = { completed: 0, waiting: 0, failed: 0, refused: 0, charged: 0 };
  for (const fate of fates.values()) {
    sums[fate.kind] += 1;
    if (fate.kind === 'completed' && fate.stage === 'payment.capture') sums.charged += 1;
  }
  return sums;
}

/** Adds up the fates; every line of the file must have one. */
export function summarize(orders: number, fates: ReadonlyMap<string, Fate>): StorySummary {
  const sums = count(fates);
  const accounted = sums.completed + sums.waiting + sums.failed + sums.refused;
  if (accounted !== orders) throw new Error(`only ${accounted} of ${orders} orders are accounted for`);
  return { orders, ...sums };
}

function print(summary: StorySummary, fates: ReadonlyMap<string, Fate>): void {
  const rows = new Map<string, number>();
  for (const fate of fates.values()) {
    const detail = fate.kind === 'failed' ? `  ${fate.reason}` : fate.kind === 'waiting' ? `  (${fate.status})` : '';
    const row = `${fate.kind.padEnd(10)} ${fate.stage.padEnd(16)}${detail}`;
    rows.set(row, (rows.get(row) ?? 0) + 1);
  }
  console.log('');
  for (const [row, times] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`  ${String(times).padStart(4)}  ${row}`);
  const refusals = [...fates].flatMap(([id, fate]) => (fate.kind === 'refused' ? [{ id, problem: fate.problem }] : []));
  for (const { id, problem } of refusals.slice(0, SAMPLES)) {
    const fault = problem.errors?.[0];
    console.log(`  refused, for instance: ${id} at ${fault?.pointer ?? '#'}: ${fault?.detail ?? problem.detail ?? ''}`);
  }
  const { orders, completed, waiting, failed, refused } = summary;
  console.log(
    `  ${completed} completed + ${waiting} waiting + ${failed} failed + ${refused} refused = ${orders} orders in the file: all accounted for`,
  );
}
