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

/** Performs tasks in calls of their own: the queue's consumer need not wait for a long task before it takes its next batch. */
export class Runner extends WorkerEntrypoint<Bindings> {
  run(messages: readonly LaneMessage[]): void {
    if (atHand.isClosed) return;
    performEach(
      messages,
      (message) => perform(message, service.performing),
      (work) => this.ctx.waitUntil(atHand.track(work)),
    );
  }

  /** Performs tasks that have begun, and answers with the reports of those that end at once (`runtimes/cloudflare/near.ts`). */
  async performSoon(object: string, assignments: string): Promise<string> {
    const reports = await performSoon(object, JSON.parse(assignments) as Assignment[], service.performing, (work) =>
      this.ctx.waitUntil(atHand.track(work)),
    );
    return JSON.stringify(reports);
  }
}

/**
 * A graceful stop, where the worker runs under miniflare on one machine: the process that started it asks here before it ends it, and is
 * answered once the tasks at hand are done, or `graceMs` have passed. Deployed to Cloudflare there is no token, and every call is a 404.
 */
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
