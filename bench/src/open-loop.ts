/**
 * Offers tasks at a fixed rate, whatever becomes of them, in a thread of its own: whoever waits for answers before it asks again
 * offers no more than the service takes. Each request has a connection to itself; those that are idle are used again.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { HttpConnection, type Answer } from './http-connection.ts';

/** What is offered. */
export interface Offer {
  readonly url: string;
  /** Whole header lines, each ended by CR LF. */
  readonly headers: string;
  readonly path: string;
  readonly body: string;
  readonly perSecond: number;
  readonly forMs: number;
  /** Connections at most. What finds none free is not sent, and counted. */
  readonly connections: number;
}

/** What became of an offer. */
export interface Offered {
  readonly sent: number;
  /** Not sent, for all connections were waiting for answers. */
  readonly held: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Refusals without `Retry-After`, or that are no problem with a code. There should be none. */
  readonly unclear: readonly string[];
  /** Tasks that were acknowledged. */
  readonly ids: readonly string[];
  /** How long acceptances and refusals took, ms. */
  readonly acceptedMs: readonly number[];
  readonly refusedMs: readonly number[];
}

/** How often the rate is made up for. Timers are no finer. */
const EVERY_MS = 2;
const SETTLE_WITHIN_MS = 30_000;

/** Makes an offer in a thread of its own. */
export function offer(asked: Offer): Promise<Offered> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: asked });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function run({ url, headers, path, body, perSecond, forMs, connections }: Offer): Promise<Offered> {
  const idle: HttpConnection[] = [];
  const open: HttpConnection[] = [];
  const statuses: Record<string, number> = {};
  const result = {
    sent: 0,
    held: 0,
    statuses,
    unclear: new Set<string>(),
    ids: [] as string[],
    acceptedMs: [] as number[],
    refusedMs: [] as number[],
  };
  const underWay = new Set<object>();
  const one = async (): Promise<void> => {
    const asked = {};
    underWay.add(asked);
    let connection = idle.pop();
    try {
      if (connection === undefined) {
        connection = await HttpConnection.open(url);
        open.push(connection);
      }
      const begun = performance.now();
      const answer = await connection.request('POST', path, headers, body);
      take(answer, performance.now() - begun);
      idle.push(connection);
    } catch (fault) {
      count(fault instanceof Error ? fault.message : String(fault));
    } finally {
      underWay.delete(asked);
    }
  };
  const count = (status: string): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const take = (answer: Answer, ms: number): void => {
    count(String(answer.status));
    if (answer.status < 300) {
      for (const [, id = ''] of answer.body.matchAll(/"id":"(task_\w+)"/g)) result.ids.push(id);
      result.acceptedMs.push(ms);
    } else {
      result.refusedMs.push(ms);
      if (!/\r\nretry-after: *\d+/i.test(answer.head) || !/"code":"\w+"/.test(answer.body))
        result.unclear.add(`${answer.head}\n${answer.body}`);
    }
  };
  const begun = performance.now();
  let offered = 0;
  while (performance.now() - begun < forMs) {
    const due = Math.floor(((performance.now() - begun) / 1_000) * perSecond);
    for (; offered < due; offered += 1) {
      if (underWay.size >= connections) result.held += 1;
      else {
        result.sent += 1;
        void one();
      }
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  for (const until = performance.now() + SETTLE_WITHIN_MS; underWay.size > 0 && performance.now() < until;)
    await new Promise((done) => setTimeout(done, 10));
  for (const connection of open) connection.close();
  if (underWay.size > 0) statuses['no answer'] = underWay.size;
  return { ...result, unclear: [...result.unclear] };
}

// A thread's port has no origins.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
if (!isMainThread && parentPort !== null) parentPort.postMessage(await run(workerData as Offer));
