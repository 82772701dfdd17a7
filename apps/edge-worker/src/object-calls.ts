/**
 * Calls to objects, made again where the platform says that it is safe. A broken stub stays broken, so every try takes a
 * new one; an overloaded object is left alone, for more calls would only make it worse
 * (https://developers.cloudflare.com/durable-objects/best-practices/error-handling/).
 */
import type { Objects } from '@errand/core/ledger-object';
import { Problem } from './api/problem.ts';

/** Tries of one call in all. */
const MAX_TRIES = 4;
/** First pause between tries; doubled each time, with jitter. An object that moves is back within this order of time. */
const FIRST_PAUSE_MS = 25;

/** What the platform notes on an error that a call to an object ends with. Errors lose their class on the way, not these. */
interface CallFault {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
}

/** An object by name whose methods are called again after a retryable failure. Commands are known by their ids, so a double is harmless. */
export function retrying<O extends object>(get: (name: string) => O, random: () => number): (name: string) => O {
  return (name) =>
    new Proxy({} as O, {
      get: (_target, member) =>
        // Nothing here is a promise: whoever resolves with this object must not call `then`.
        member === 'then' ? undefined : (...args: unknown[]) => callAgain(() => get(name), member as keyof O, args, random),
    });
}

/** Objects whose calls are made again. */
export function retryingObjects(objects: Objects, random: () => number): Objects {
  return { get: retrying(objects.get, random), inbox: retrying(objects.inbox, random) };
}

async function callAgain<O extends object>(
  get: () => O,
  member: keyof O,
  args: readonly unknown[],
  random: () => number,
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      const object = get();
      return await (object[member] as (...all: readonly unknown[]) => unknown)(...args);
    } catch (fault) {
      const { retryable, overloaded } = (fault ?? {}) as CallFault;
      if (overloaded === true) throw tooBusy();
      if (retryable !== true || tries === MAX_TRIES) throw fault;
      await new Promise((done) => setTimeout(done, FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + random() / 2)));
    }
  }
}

/** The object has more to do than it can: nothing was accepted. */
export function tooBusy(): Problem {
  const detail = 'Too much is waiting already. Nothing was accepted: send the same request again a little later.';
  return new Problem(503, 'overloaded', detail, { headers: { 'retry-after': '1' } });
}
