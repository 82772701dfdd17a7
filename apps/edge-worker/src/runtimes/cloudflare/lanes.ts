/** Lanes as Queues: `integration` has its own, so that a slow third party never delays code. */
import type { LaneMessage } from '@errand/core/assignment';
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

/** What performs messages outside the queue's event. */
export interface LaneRunner {
  run(messages: readonly LaneMessage[]): Promise<void>;
}

/**
 * Hands a batch to the runner and acknowledges it, whatever becomes of it: the ledger sends again what nobody began. A message
 * for third parties is a call of its own, for an invocation has six connections and such a message at most six tasks.
 */
export async function consumeBatch(batch: MessageBatch<LaneMessage>, runner: LaneRunner): Promise<void> {
  const messages = batch.messages.map((message) => message.body);
  const together = messages.filter(({ lane }) => lane !== 'integration');
  const alone = messages.filter(({ lane }) => lane === 'integration').map((message) => [message]);
  await Promise.all([...(together.length === 0 ? [] : [together]), ...alone].map((group) => runner.run(group)));
  batch.ackAll();
}

/** Performs messages side by side; a fault of one is logged and harms no other. */
export function performEach(
  messages: readonly LaneMessage[],
  perform: (message: LaneMessage) => Promise<void>,
  keepAlive: (work: Promise<void>) => void,
): void {
  for (const message of messages) keepAlive(performSafely(message, perform));
}

async function performSafely(message: LaneMessage, perform: (message: LaneMessage) => Promise<void>): Promise<void> {
  try {
    await perform(message);
  } catch (fault) {
    console.warn('a batch was not performed; its ledger sends it again', fault);
  }
}
