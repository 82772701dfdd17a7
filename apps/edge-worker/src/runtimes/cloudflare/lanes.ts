/** Lanes as Queues: `integration` has its own, so that a slow third party never delays code. */
import type { LaneMessage } from '@errand/core/ports';
import type { Bindings } from './bindings.ts';

/** Messages one `sendBatch` takes (https://developers.cloudflare.com/queues/platform/limits/). */
const MAX_MESSAGES = 100;

/** Sends assignments to a lane. A failure is thrown: the ledger sends what nobody began again. */
export async function sendToLane(env: Bindings, lane: string, messages: readonly LaneMessage[]): Promise<void> {
  const queue = lane === 'integration' ? env.INTEGRATION_LANE : env.AUTOMATED_LANE;
  for (let i = 0; i < messages.length; i += MAX_MESSAGES) {
    await queue.sendBatch(messages.slice(i, i + MAX_MESSAGES).map((body) => ({ body, contentType: 'json' as const })));
  }
}
