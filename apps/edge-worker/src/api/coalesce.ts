/**
 * Lets requests that reach a worker in the same instant share one call per object, be it for commands or for reads: a call costs more
 * than what it carries. The first caller makes its call at once, as a *leader*. Callers who come while it is under way are *followers*:
 * they wait in a line, and the leader takes them along in its next call.
 *
 * ```
 *  a ──► call [a] ──────────► a is answered
 *    b ──► waits ─┐
 *     c ─► waits ─┴──► call [b, c] ──────────► b and c are answered
 * ```
 *
 * Where the last call had several callers, the next leader first waits for one turn of the event loop, so that all requests that
 * came in one packet share its call.
 *
 * On workerd a call belongs to the request that made it: when that request's client hangs up, the platform may drop the call. So
 * leaders are kept alive (`waitUntil`), and every follower has a timer of its own, with which it makes the call itself when nobody
 * does, and gives up when no answer comes. One request never touches what belongs to another: workerd forbids it.
 */
import type { TaskCommand } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { LedgerObject, Objects } from '@errand/core/ledger-object';
import { tooBusy } from '../object-calls.ts';
import { turnOfTheLoop } from '../turn-of-the-loop.ts';
import { commandBytes, exceedsCall } from '../call-size.ts';
import { Problem } from './problem.ts';

/**
 * What may wait in the line of one object. Beyond it a request is refused before anything of it is accepted. It is also refused when the
 * first in line has waited for {@link MAX_STANDING_MS}: then the object does not keep up, and in a longer line requests would time out.
 */
const MAX_WAITING_ITEMS = 20_000;
const MAX_WAITING_BYTES = 32 * 1_048_576;
const MAX_STANDING_MS = 5_000;
/** Calls to one object at a time. More would only queue inside it. */
const MAX_CALLS = 2;
/** For this long a leader makes calls for others. The platform keeps a request alive for 30 s after its end. */
const LEAD_MS = 5_000;
/** A follower that still waits in line after this becomes a leader itself: its own may have been dropped. */
const NUDGE_MS = 500;
/** A caller waits this long for its answer, whatever becomes of the call it shares. */
const PATIENCE_MS = 15_000;

/** What a caller asks of an object: commands to decide, or the id of a task to read. */
type Item = TaskCommand | TaskId;

/** A caller in line. */
interface Waiting {
  readonly items: readonly Item[];
  readonly bytes: number;
  /** Epoch ms. */
  readonly since: number;
  readonly resolve: (answers: unknown[]) => void;
  readonly reject: (fault: unknown) => void;
}

/** The callers of one method of one object. */
interface Line {
  /** Makes a call. Gives an answer for each item in order; for reads perhaps only for the first of them. */
  readonly call: (items: readonly Item[]) => Promise<unknown[]>;
  readonly waiting: Waiting[];
  waitingItems: number;
  waitingBytes: number;
  /** Calls under way. */
  calls: number;
  /** How many callers shared the last call. */
  lastGroup: number;
}

/** Keeps the platform from dropping work that outlives its request (`waitUntil`). */
export type KeepAlive = (work: Promise<unknown>) => void;

/** Objects whose calls with commands, and whose reads of one task, are shared. Waits and streams are handed through: they never share. */
export function coalesced(objects: Objects, keepAlive: KeepAlive): Objects {
  const lines = new Map<string, Line>();
  const shared = <T extends LedgerObject>(get: (name: string) => T, name: string): T =>
    new Proxy({} as T, {
      get: (_target, member) => {
        // Nothing here is a promise: whoever resolves with this object must not call `then`.
        if (member === 'then') return undefined;
        if (member === 'execute' || member === 'submit')
          return (commands: readonly TaskCommand[]) => enqueue(lineOf(lines, objects, name, member), keepAlive, commands);
        if (member === 'read') return (ids: readonly TaskId[]) => enqueueReads(lineOf(lines, objects, name, 'read'), keepAlive, ids);
        return (...args: unknown[]) => (get(name)[member as keyof T] as (...all: unknown[]) => unknown)(...args);
      },
    });
  return { get: (name) => shared(objects.get, name), inbox: (name) => shared(objects.inbox, name) };
}

/** Each method has a line of its own: the callers of one share its answers. */
function lineOf(lines: Map<string, Line>, objects: Objects, name: string, method: 'execute' | 'submit' | 'read'): Line {
  const key = `${method} ${name}`;
  const known = lines.get(key);
  if (known !== undefined) return known;
  // A new stub each time: one is broken for good once a call on it fails.
  const call = (items: readonly Item[]): Promise<unknown[]> => objects.get(name)[method](items as never);
  const line: Line = { call, waiting: [], waitingItems: 0, waitingBytes: 0, calls: 0, lastGroup: 0 };
  lines.set(key, line);
  return line;
}

/** Puts each id in line by itself: a call may answer only the first of its ids, and the others then go with the next call. */
async function enqueueReads(line: Line, keepAlive: KeepAlive, ids: readonly TaskId[]): Promise<unknown[]> {
  return (await Promise.all(ids.map((id) => enqueue(line, keepAlive, [id])))).flat();
}

/** Waits in line, as a leader or as a follower, and gives the answers of the items. */
async function enqueue(line: Line, keepAlive: KeepAlive, items: readonly Item[]): Promise<unknown[]> {
  const bytes = items.reduce((sum, item) => sum + bytesOf(item), 0);
  const now = Date.now();
  if (isFull(line, bytes, now) && items.some((item) => !isRelieving(item))) throw tooBusy();
  const { promise, resolve, reject } = Promise.withResolvers<unknown[]>();
  const mine: Waiting = { items, bytes, since: now, resolve, reject };
  line.waiting.push(mine);
  line.waitingItems += items.length;
  line.waitingBytes += bytes;
  const leadNow = (): void => keepAlive(lead(line));
  if (line.calls < MAX_CALLS) leadNow();
  const { promise: late, reject: tooLate } = Promise.withResolvers<never>();
  // One timer, set again: two a request would be felt.
  let timer = setTimeout(() => {
    if (line.waiting.includes(mine)) leadNow();
    timer = setTimeout(() => tooLate(noAnswer()), PATIENCE_MS);
  }, NUDGE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes calls for whoever is in line, until nobody is or {@link LEAD_MS} have passed. */
async function lead(line: Line): Promise<void> {
  line.calls += 1;
  const until = Date.now() + LEAD_MS;
  // A lone caller does not wait for company.
  await (line.lastGroup > 1 ? turnOfTheLoop() : Promise.resolve());
  try {
    while (line.waiting.length > 0 && Date.now() < until) {
      const group = takeGroup(line);
      line.lastGroup = group.length;
      await callOnce(line, group);
    }
  } finally {
    line.calls -= 1;
  }
}

async function callOnce(line: Line, group: readonly Waiting[]): Promise<void> {
  try {
    const answers = await line.call(group.flatMap(({ items }) => items));
    let answered = 0;
    for (const [i, { items, resolve }] of group.entries()) {
      if (i > 0 && answered + items.length > answers.length) return putBack(line, group.slice(i));
      resolve(answers.slice(answered, (answered += items.length)));
    }
  } catch (fault) {
    for (const { reject } of group) reject(fault);
  }
}

/** Puts callers whose items a call did not answer at the front of the line: the next call is theirs. */
function putBack(line: Line, group: readonly Waiting[]): void {
  line.waiting.unshift(...group);
  for (const { items, bytes } of group) {
    line.waitingItems += items.length;
    line.waitingBytes += bytes;
  }
}

function noAnswer(): Problem {
  const detail = 'The ledger did not answer in time. Send the same request again with its idempotency key.';
  return new Problem(503, 'timeout', detail, { headers: { 'retry-after': '1' } });
}

/** Commands that end work in progress. They are taken however long the line is, for they make it shorter. */
const RELIEVING: ReadonlySet<TaskCommand['command']['type']> = new Set(['report', 'heartbeat', 'cancel', 'complete', 'fail', 'release']);

function isRelieving(item: Item): boolean {
  return typeof item !== 'string' && RELIEVING.has(item.command.type);
}

function bytesOf(item: Item): number {
  return typeof item === 'string' ? item.length : commandBytes(item.command);
}

function isFull(line: Line, bytes: number, now: number): boolean {
  const oldest = line.waiting[0]?.since ?? now;
  return (
    line.waitingItems > 0 &&
    (line.waitingItems >= MAX_WAITING_ITEMS || line.waitingBytes + bytes > MAX_WAITING_BYTES || now - oldest > MAX_STANDING_MS)
  );
}

function takeGroup(line: Line): Waiting[] {
  let items = 0;
  let bytes = 0;
  let count = 0;
  for (const waiting of line.waiting) {
    if (count > 0 && exceedsCall(items + waiting.items.length, bytes + waiting.bytes)) break;
    items += waiting.items.length;
    bytes += waiting.bytes;
    count += 1;
  }
  line.waitingItems -= items;
  line.waitingBytes -= bytes;
  return line.waiting.splice(0, count);
}
