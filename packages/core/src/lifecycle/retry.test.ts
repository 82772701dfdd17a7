import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../task-type.ts';
import { retryDelayMs } from './retry.ts';

const POLICY: RetryPolicy = {
  maxAttempts: 5,
  initialIntervalMs: 1_000,
  backoffCoefficient: 2,
  maxIntervalMs: 5_000,
  jitter: 'none',
  nonRetryableCodes: ['no_goods'],
};
const error = { code: 'application', message: 'no', retryable: true };
const delays = (policy: RetryPolicy, delayFraction = 0.5) =>
  [1, 2, 3, 4, 5].map((attempt) => retryDelayMs(policy, { attempt, error }, delayFraction));

describe('the delay of a retry', () => {
  it('grows from interval to interval up to the longest, and there is none after the last attempt', () => {
    expect(delays(POLICY)).toEqual([1_000, 2_000, 4_000, 5_000, undefined]);
  });

  it('is drawn between nothing and the backoff with full jitter', () => {
    expect(delays({ ...POLICY, jitter: 'full' }, 0)).toEqual([0, 0, 0, 0, undefined]);
    expect(delays({ ...POLICY, jitter: 'full' }, 0.25)).toEqual([250, 500, 1_000, 1_250, undefined]);
  });

  it('follows a schedule where there is one, whose last delay repeats', () => {
    expect(delays({ ...POLICY, scheduleMs: [5, 300] })).toEqual([5, 300, 300, 300, undefined]);
  });

  it('is what the executor wishes for, up to the longest interval', () => {
    expect(retryDelayMs(POLICY, { attempt: 1, error, nextRetryDelayMs: 3_333 }, 0.5)).toBe(3_333);
    expect(retryDelayMs(POLICY, { attempt: 1, error, nextRetryDelayMs: 60_000 }, 0.5)).toBe(5_000);
    expect(retryDelayMs(POLICY, { attempt: 5, error, nextRetryDelayMs: 1 }, 0.5)).toBeUndefined();
  });

  it('is none for an error that is final by itself or by the policy', () => {
    expect(retryDelayMs(POLICY, { attempt: 1, error: { ...error, retryable: false } }, 0.5)).toBeUndefined();
    expect(retryDelayMs(POLICY, { attempt: 1, error: { ...error, code: 'no_goods' } }, 0.5)).toBeUndefined();
  });
});
