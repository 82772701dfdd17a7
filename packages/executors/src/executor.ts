/**
 * The interface that all executors have: an assignment in, an outcome out. Executors know nothing of ledgers and lanes; the edge
 * worker brings them their assignments and reports their outcomes.
 */
import type { LogLine } from '@errand/core/attempt';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import type { Stopped } from './stopped.ts';

/** An output has at most this many characters as JSON: 1 MiB, like an input. A larger one fails its attempt. */
export const MAX_OUTPUT_CHARACTERS = 1_048_576;

/** The attempt that an executor works on: how it learns that it should stop, and what it may note on the way. */
export interface Work {
  /** Aborted when the attempt's result is no longer wanted: canceled, out of time, its lease lost. Its reason is a {@link Stopped}. */
  readonly signal: AbortSignal;
  /** Calls `listener` when the signal aborts. Cheaper than the signal, which is only made once somebody reads it. */
  whenStopped(listener: (reason: Stopped) => void): void;
  /** A sign of life; `details` are kept as the checkpoint of the next attempt. */
  heartbeat(details?: Json): void;
  log(line: LogLine): void;
}

export interface Executor {
  /** Performs one attempt. Whatever it throws fails the attempt with `internal`, and does not leave it to its lease. */
  perform(assignment: Assignment, work: Work): Promise<Outcome>;
}
