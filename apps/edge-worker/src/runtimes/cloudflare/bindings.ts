/** What the configuration of the worker binds (`wrangler.jsonc`, and `serve.ts` locally). */
import type { LaneMessage } from '@errand/core/assignment';
import type { InboxObject, LedgerObject } from './ledger-object.ts';
import type { LaneRunner } from './lanes.ts';

export interface Bindings {
  readonly LEDGER: DurableObjectNamespace<LedgerObject>;
  readonly INBOX: DurableObjectNamespace<InboxObject>;
  readonly CATALOG: D1Database;
  readonly AUTOMATED_LANE: Queue<LaneMessage>;
  readonly INTEGRATION_LANE: Queue<LaneMessage>;
  /** This worker itself. */
  readonly RUNNER: LaneRunner & NearRunner;
  readonly ASSETS?: Fetcher;
  readonly [setting: `ERRAND_${string}`]: string | undefined;
}

/** What performs begun tasks for the ledger that began them. */
export interface NearRunner {
  /**
   * Resolves with the reports of those that ended soon; the others report themselves. `assignments` and the reports are JSON, for
   * there are many of them (`text-calls.ts`).
   */
  performSoon(object: string, assignments: string): Promise<string>;
}
