/** The face every executor has: assignments in, outcomes out. Executors never touch a ledger's tables. */
import type { LogLine } from '@errand/core/attempt';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/ports';

/** What an executor may do while it works on one assignment. */
export interface Work {
  /** Aborted when the attempt may stop: canceled, timed out, lease lost. The reason says which. Made when first looked at. */
  readonly signal: AbortSignal;
  /** Calls `listener` when the signal aborts, and costs less: an executor that only waits needs no signal. */
  whenStopped(listener: (reason: Error) => void): void;
  /** Keeps a checkpoint for the next attempt. */
  heartbeat(details?: Json): void;
  log(line: LogLine): void;
}

export interface Executor {
  /** Performs one attempt. A thrown error is a failed attempt, never a lost one. */
  perform(assignment: Assignment, work: Work): Promise<Outcome>;
}
