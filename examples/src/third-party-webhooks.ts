/** Sends the webhooks that the example payment provider owes, signed as the Standard Webhooks specification says, until each is accepted. */
import { createHmac } from 'node:crypto';
import type { Charge, Store } from './third-party-store.ts';

const LOOK_EVERY_MS = 100;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

/** The headers of a delivery. `secret` is `whsec_` and base64; `timestamp` is in seconds. */
export function signedHeaders(id: string, timestamp: number, body: string, secret: string): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}

/** Looks for due webhooks until stopped. What is owed is in the store, so a restart goes on where this ended. */
export function startWebhooks(store: Store): { stop: () => void } {
  const inFlight = new Set<string>();
  const timer = setInterval(() => {
    const url = store.setting('webhookUrl');
    const secret = store.setting('webhookSecret');
    if (url === undefined || secret === undefined) return;
    for (const { chargeId, tries } of store.due(Date.now())) {
      const charge = store.charge(chargeId);
      if (charge === undefined || inFlight.has(chargeId)) continue;
      inFlight.add(chargeId);
      void deliver(store, charge, tries, url, secret).finally(() => inFlight.delete(chargeId));
    }
  }, LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

async function deliver(store: Store, charge: Charge, tries: number, url: string, secret: string): Promise<void> {
  store.settle(charge.id);
  const { id, amount, currency, order } = charge;
  const body = JSON.stringify({ type: 'charge.succeeded', data: { id, amount, currency, status: 'succeeded', order } });
  const headers = { 'content-type': 'application/json', ...signedHeaders(`evt_${id}`, Math.floor(Date.now() / 1_000), body, secret) };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.arrayBuffer();
    if (answer.ok) return store.delivered(id);
  } catch {
    // The receiver is down or slow; the same delivery is due again later.
  }
  store.postpone(id, Date.now() + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries));
}
