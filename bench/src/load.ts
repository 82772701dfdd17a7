/** Sends requests to a target: as fast as some connections go, or at a fixed rate whatever the answers do. */
import { HttpConnection, type Answer } from './http-connection.ts';
import type { Request, RunningTarget } from './target.ts';

/** A fault of ours ends a measurement; a target gets this long for an answer. */
const ANSWER_WITHIN_MS = 60_000;

/** How much is asked, at most. */
interface Amount {
  readonly connections: number;
  readonly count: number;
  /** Nothing is asked after this. What was asked is still answered. */
  readonly withinMs: number;
}

/** Asks `count` times over some connections, each asking again once it has its answer. Numbers are given out without a gap. */
export async function asFastAsPossible(
  target: RunningTarget,
  { connections, count, withinMs }: Amount,
  requestOf: (n: number) => Request,
  take: (n: number, answer: Answer) => void,
): Promise<void> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(target.url)));
  let next = 0;
  const until = performance.now() + withinMs;
  try {
    await Promise.all(
      open.map(async (connection) => {
        while (next < count && performance.now() < until) {
          const n = next++;
          take(n, await ask(connection, target, requestOf(n)));
        }
      }),
    );
  } finally {
    for (const connection of open) connection.close();
  }
}

/** Asks `count` times, one every `everyMs`; gives the time each answer took. Late answers do not hold back later requests. */
export async function atRate(
  target: RunningTarget,
  everyMs: number,
  count: number,
  requestOf: (n: number) => Request,
  take: (n: number, answer: Answer) => void,
): Promise<number[]> {
  const idle: HttpConnection[] = [];
  const open: HttpConnection[] = [];
  const times: number[] = [];
  const one = async (n: number): Promise<void> => {
    const asked = performance.now();
    const connection = idle.pop() ?? (await HttpConnection.open(target.url));
    if (!open.includes(connection)) open.push(connection);
    take(n, await ask(connection, target, requestOf(n)));
    times.push(performance.now() - asked);
    idle.push(connection);
  };
  const begun = performance.now();
  const answers: Promise<void>[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      const waitMs = begun + n * everyMs - performance.now();
      if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
      answers.push(one(n));
    }
    await Promise.all(answers);
  } finally {
    for (const connection of open) connection.close();
  }
  return times;
}

async function ask(connection: HttpConnection, target: RunningTarget, { method, path, body, headers = '' }: Request): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${method} ${path} was not answered in time.`)), ANSWER_WITHIN_MS);
  try {
    return await Promise.race([connection.request(method, path, target.headers + headers, body), late]);
  } finally {
    clearTimeout(timer);
  }
}
