/** Cloudflare's entry: requests, queues, the clock, and the classes of the objects. It wires; it does not decide. */
import { env, WorkerEntrypoint } from 'cloudflare:workers';
import type { Assignment, LaneMessage } from '@errand/core/assignment';
import { createApi } from './api/app.ts';
import { ensureCatalog } from './catalog/bootstrap.ts';
import { HANDLERS } from './handlers.ts';
import { perform } from './perform.ts';
import { performSoon } from './perform-soon.ts';
import type { Bindings } from './runtimes/cloudflare/bindings.ts';
import { consumeBatch, performEach } from './runtimes/cloudflare/lanes.ts';
import { atHand } from './runtimes/cloudflare/work-at-hand.ts';
import { createCloudflareService } from './runtimes/cloudflare/service.ts';

export { InboxObject, LedgerObject } from './runtimes/cloudflare/ledger-object.ts';

const service = createCloudflareService(env as unknown as Bindings, HANDLERS);
const api = createApi(service);

/** Performs assignments in a call of its own, so that a long task never holds back the queue's next batch. */
export class Runner extends WorkerEntrypoint<Bindings> {
  run(messages: readonly LaneMessage[]): void {
    if (atHand.isClosed) return;
    performEach(
      messages,
      (message) => perform(message, service.performing),
      (work) => this.ctx.waitUntil(atHand.track(work)),
    );
  }

  /** Performs tasks that have begun, for a ledger that waits for what ends soon. */
  async performSoon(object: string, assignments: string): Promise<string> {
    const reports = await performSoon(object, JSON.parse(assignments) as Assignment[], service.performing, (work) =>
      this.ctx.waitUntil(atHand.track(work)),
    );
    return JSON.stringify(reports);
  }
}

/** Answers once the work at hand is done: for the process that serves on one machine, which alone has the token and a way here. */
export class Stopper extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    const { ERRAND_STOP_TOKEN: token } = this.env;
    if (token === undefined || request.headers.get('authorization') !== `Bearer ${token}`) return new Response(null, { status: 404 });
    await atHand.close(Number(new URL(request.url).searchParams.get('graceMs')));
    return new Response(null, { status: 204 });
  }
}

export default {
  fetch: (request) => api.fetch(request),

  queue: (batch, bindings) => consumeBatch(batch, bindings.RUNNER),

  async scheduled() {
    await ensureCatalog(service);
    await service.touchObjects();
  },
} satisfies ExportedHandler<Bindings, LaneMessage>;
