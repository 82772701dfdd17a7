/** What a task type has where it says nothing. The HTTP API documents these values, so a change of one is felt by its clients. */
import type { Kind, RetryPolicy, Timeouts } from './task-type.ts';

const DAY_MS = 86_400_000;

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialIntervalMs: 1_000,
  backoffCoefficient: 2,
  maxIntervalMs: 60_000,
  jitter: 'full',
  nonRetryableCodes: [],
};

/** How long a task is kept after it has ended. */
export const DEFAULT_RETENTION_MS = 30 * DAY_MS;

/**
 * Every type is bounded by at least one timeout, so that every task ends: an attempt of code or of a third party, or a person's whole
 * task.
 */
export function defaultTimeouts(kind: Kind): Timeouts {
  return kind === 'manual' ? { scheduleToCloseMs: 30 * DAY_MS } : { startToCloseMs: 60_000 };
}
