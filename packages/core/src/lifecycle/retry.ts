/** Whether a failed attempt is tried again, and when. Pure: the random draw of the jitter is an argument. */
import type { TaskError } from '../task.ts';
import type { RetryPolicy } from '../task-type.ts';

/** What {@link retryDelayMs} needs to know of the failure. */
export interface FailedAttempt {
  /** Number of the attempt that failed, from 1, in this generation. */
  readonly attempt: number;
  readonly error: TaskError;
  /** What the executor wishes for (`Retry-After`, `nextRetryDelay`). It replaces the backoff, up to the policy's `maxIntervalMs`. */
  readonly nextRetryDelayMs?: number;
}

/**
 * Milliseconds from the failure to the next attempt, or `undefined` when there is none: the error is not retryable, the policy
 * lists its code as final, or all attempts are used.
 *
 * `delayFraction`, in [0, 1), is the draw of full jitter: it spreads the delay evenly between 0 and the backoff, so that tasks
 * that failed together do not return together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
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
