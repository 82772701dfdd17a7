/**
 * The executor that a Durable Object calls directly, without a message of the queue: the service's own `Runner`, in the worker's code.
 * The tasks that began in one commit share one call, and the results of those that end within milliseconds come back as its answer.
 *
 * ```
 *  ledger ──performSoon(begun tasks)──► Runner ──► handlers
 *         ◄──reports of those that ended at once──┘
 * ```
 *
 * What is more than {@link MAX_IN_FLIGHT} goes by the queue, whose consumers are spread over machines.
 */
import type { Assignment } from '@errand/core/assignment';
import type { NearExecutor } from '@errand/core/ledger-platform';
import { LEASE_MS } from '../../perform.ts';
import { reportAll, type ReportedLedger, type Reports } from '../../report.ts';
import { serviceWorker } from '../../service-worker-name.ts';
import type { Bindings } from './bindings.ts';
import { atHand } from './work-at-hand.ts';

/** Tasks of one object that its runners have in hand at a time. */
const MAX_IN_FLIGHT = 1_000;
/** Tasks of one call: an invocation has a limit of CPU time, as a message of the queue has. */
const MAX_TASKS = 100;

/** `ledger` is the one in this very object, and `keepAlive` keeps the object from being unloaded while a call is under way. */
export function nearExecutor(
  env: Bindings,
  object: string,
  ledger: () => ReportedLedger,
  keepAlive: (work: Promise<void>) => void,
): NearExecutor {
  async function perform(assignments: readonly Assignment[]): Promise<void> {
    try {
      const reports = JSON.parse(await env.RUNNER.performSoon(object, JSON.stringify(assignments))) as Reports;
      await reportAll(ledger, reports);
    } catch (fault) {
      console.warn('begun tasks did not reach the runner; they are lost with their leases', fault);
    }
  }
  return {
    worker: serviceWorker(env.ERRAND_PROCESS_ID),
    leaseMs: LEASE_MS,
    // A call to a third party holds one of an invocation's six connections: those go by the queue.
    room: (lane, inFlight) => (lane === 'automated' && !atHand.isClosed ? Math.max(0, MAX_IN_FLIGHT - inFlight) : 0),
    take(_lane, assignments) {
      for (let i = 0; i < assignments.length; i += MAX_TASKS) keepAlive(atHand.track(perform(assignments.slice(i, i + MAX_TASKS))));
    },
  };
}
