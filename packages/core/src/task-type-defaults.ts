/** What a task type has where it says nothing. The HTTP contract names these values: changing one changes what clients rely on. */
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

/** A finished task is kept this long. */
export const DEFAULT_RETENTION_MS = 30 * DAY_MS;

/** Every type has at least one bound, so that every task ends: code and third parties by attempt, people by task. */
export function defaultTimeouts(kind: Kind): Timeouts {
  return kind === 'manual' ? { scheduleToCloseMs: 30 * DAY_MS } : { startToCloseMs: 60_000 };
}
