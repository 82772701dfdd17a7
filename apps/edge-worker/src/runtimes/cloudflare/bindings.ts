/** What the configuration of the worker binds (`wrangler.jsonc`, and `serve.ts` locally). */
import type { LaneMessage } from '@errand/core/ports';
import type { InboxObject, LedgerObject } from './ledger-object.ts';
import type { Runner } from '../../worker.ts';

export interface Bindings {
  readonly LEDGER: DurableObjectNamespace<LedgerObject>;
  readonly INBOX: DurableObjectNamespace<InboxObject>;
  readonly CATALOG: D1Database;
  readonly AUTOMATED_LANE: Queue<LaneMessage>;
  readonly INTEGRATION_LANE: Queue<LaneMessage>;
  /** This worker itself: performs a batch outside the queue's event, which would hold back the next batch. */
  readonly RUNNER: Service<typeof Runner>;
  readonly ASSETS?: Fetcher;
  readonly [setting: `ERRAND_${string}`]: string | undefined;
}
