/** What the configuration of the worker binds (`wrangler.jsonc`, and `serve.ts` locally). */
import type { LaneMessage } from '@errand/core/ports';
import type { Reports } from '../../report.ts';
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
   * Resolves with the reports of those that ended soon; the others report themselves. `assignments` is JSON: the platform takes
   * several times as long to copy as many small objects.
   */
  performSoon(object: string, assignments: string): Promise<Reports>;
}
