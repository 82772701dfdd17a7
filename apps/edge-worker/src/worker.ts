/** Cloudflare's entry: requests, queues, the clock, and the classes of the objects. It wires; it does not decide. */
import { env, WorkerEntrypoint } from 'cloudflare:workers';
import type { LaneMessage } from '@errand/core/ports';
import { createApi } from './api/app.ts';
import { ensureCatalog } from './catalog/bootstrap.ts';
import { HANDLERS } from './handlers.ts';
import { perform } from './perform.ts';
import type { Bindings } from './runtimes/cloudflare/bindings.ts';
import { createCloudflareService } from './runtimes/cloudflare/service.ts';

export { InboxObject, LedgerObject } from './runtimes/cloudflare/ledger-object.ts';

const service = createCloudflareService(env as unknown as Bindings, HANDLERS);
const api = createApi(service);

/** Performs assignments in a call of its own, so that a long task never holds back the queue's next batch. */
export class Runner extends WorkerEntrypoint<Bindings> {
  run(messages: readonly LaneMessage[]): void {
    for (const message of messages) this.ctx.waitUntil(performSafely(message));
  }
}

export default {
  fetch: (request, _env, ctx) => api.fetch(request, env, ctx),

  /** Always acknowledges: the ledger sends again what nobody began. */
  async queue(batch, bindings) {
    await bindings.RUNNER.run(batch.messages.map((message) => message.body));
    batch.ackAll();
  },

  async scheduled() {
    await ensureCatalog(service);
    await service.touchObjects();
  },
} satisfies ExportedHandler<Bindings, LaneMessage>;

async function performSafely(message: LaneMessage): Promise<void> {
  try {
    await perform(message, service.performing);
  } catch (fault) {
    console.warn('a batch was not performed; its ledger sends it again', fault);
  }
}
