/** Stops a workerd on this machine: what was begun is finished within a grace, the rest is left to its lease. */
import type { Miniflare } from 'miniflare';
import { WORKER_NAME } from './miniflare-options.ts';

/** Work that was begun may take this long after a stop was asked for. */
const GRACE_MS = 5_000;
/** Longest wait for a workerd that does not answer, as one that got the same signal. */
const ANSWERS_WITHIN_MS = GRACE_MS + 500;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Makes a simulator without its own handlers of signals: it would end workerd at once, and this process with it. What it does when
 * the process exits for another reason stays.
 */
export function withoutSignals(make: () => Miniflare): Miniflare {
  const before = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)));
  const miniflare = make();
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal)) if (!before.has(listener)) process.removeListener(signal, listener);
  return miniflare;
}

/** Waits for the work at hand, and ends workerd. */
export async function stopGracefully(miniflare: Miniflare, stopToken: string): Promise<void> {
  try {
    const url = await miniflare.unsafeGetDirectURL(WORKER_NAME, 'Stopper');
    const headers = { authorization: `Bearer ${stopToken}` };
    await fetch(new URL(`/?graceMs=${GRACE_MS}`, url), { method: 'POST', headers, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  } catch (fault) {
    console.warn('workerd was ended with what runs in it', fault);
  }
  await miniflare.dispose();
}
