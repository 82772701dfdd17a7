/**
 * How namespaces share the thread of an isolate. On one machine all requests and all objects are in one; on Cloudflare few are, and
 * where others are is nothing to care for.
 */
import type { Pace } from '@errand/core/ledger-platform';
import { Presence } from '../../presence.ts';
import { turnOfTheLoop } from '../../turn-of-the-loop.ts';

/** The namespaces of this isolate. */
export const presence = new Presence(() => Date.now());

/** What a ledger does in one go while others wait. A task is some six events of the loop, and each of a neighbour's waits as long. */
const PACE_SHARED: Pace = { commands: 32, inHand: 32 };

/** How much a ledger may do in one go now. */
export function pace(): Pace | undefined {
  return presence.isShared ? PACE_SHARED : undefined;
}

/** Resolves once those who wait have had their turn; `undefined` when nobody need be let go first. */
export function turn(namespace: string, weight: number): Promise<void> | undefined {
  presence.saw(namespace);
  return weight > 1 && presence.isShared ? turnOfTheLoop() : undefined;
}

/** Resolves when a ledger's next commit may begin. */
export function gather(): Promise<void> {
  return presence.isShared ? turnOfTheLoop() : Promise.resolve();
}
