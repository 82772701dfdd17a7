/** When a failed attempt is tried again, and whether. Pure: the jitter's draw is an argument. */
import type { TaskError } from '../task.ts';
import type { RetryPolicy } from '../task-type.ts';

/** What {@link retryDelayMs} needs to know of the failure. */
export interface FailedAttempt {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly error: TaskError;
  /** The executor's own wish (`Retry-After`, `nextRetryDelay`); capped by the policy's longest interval. */
  readonly nextRetryDelayMs?: number;
}

/**
 * Milliseconds until the next attempt, or `undefined` when there is none: the error is not retryable,
 * its code is listed as such, or the attempts are used up.
 *
 * `delayFraction` in [0, 1) is the draw of full jitter: the delay is even between 0 and the backoff
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function retryDelayMs(policy: RetryPolicy, failed: FailedAttempt, delayFraction: number): number | undefined {
  if (!failed.error.retryable || policy.nonRetryableCodes.includes(failed.error.code)) return undefined;
  if (failed.attempt >= policy.maxAttempts) return undefined;
  if (failed.nextRetryDelayMs !== undefined) return Math.min(failed.nextRetryDelayMs, policy.maxIntervalMs);
  const retry = failed.attempt - 1;
  if (policy.scheduleMs !== undefined) return policy.scheduleMs[Math.min(retry, policy.scheduleMs.length - 1)];
  const backoffMs = Math.min(policy.initialIntervalMs * policy.backoffCoefficient ** retry, policy.maxIntervalMs);
  return policy.jitter === 'full' ? Math.round(backoffMs * delayFraction) : Math.round(backoffMs);
}
