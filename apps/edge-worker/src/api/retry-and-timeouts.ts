/** Retry policies and timeouts as clients write them, for types and for single tasks: read, laid over what holds otherwise, shown. */
import { z } from '@hono/zod-openapi';
import { formatDuration } from '@errand/core/duration';
import type { RetryPolicy, Timeouts } from '@errand/core/task-type';
import { duration, durationOrNone, texts } from './fields.ts';

const MAX_ATTEMPTS = 1_000;
const MAX_COEFFICIENT = 100;

export const RetrySchema = z
  .strictObject({
    maxAttempts: z.int().min(1).max(MAX_ATTEMPTS),
    initialInterval: durationOrNone,
    backoffCoefficient: z.number().min(1).max(MAX_COEFFICIENT),
    maxInterval: durationOrNone,
    jitter: z.enum(['none', 'full']),
    nonRetryableCodes: texts(100, 200),
  })
  .partial()
  .refine(
    ({ initialInterval, maxInterval }) => initialInterval === undefined || maxInterval === undefined || maxInterval >= initialInterval,
    { message: 'must not be shorter than initialInterval', path: ['maxInterval'] },
  )
  .openapi('Retry');

export const TimeoutsSchema = z
  .strictObject({ scheduleToStart: duration, startToClose: duration, scheduleToClose: duration, heartbeat: duration })
  .partial()
  .openapi('Timeouts');

/** A policy with what was given in place of what holds otherwise. */
export function retryOver(base: RetryPolicy, given: z.output<typeof RetrySchema>): RetryPolicy {
  const { initialInterval, maxInterval, maxAttempts, backoffCoefficient, jitter, nonRetryableCodes } = given;
  const initialIntervalMs = initialInterval ?? base.initialIntervalMs;
  return {
    ...base,
    maxAttempts: maxAttempts ?? base.maxAttempts,
    initialIntervalMs,
    backoffCoefficient: backoffCoefficient ?? base.backoffCoefficient,
    // Whoever asks for a long first wait and says nothing of the longest means to get it.
    maxIntervalMs: maxInterval ?? Math.max(base.maxIntervalMs, initialIntervalMs),
    jitter: jitter ?? base.jitter,
    nonRetryableCodes: nonRetryableCodes ?? base.nonRetryableCodes,
  };
}

/** Timeouts with what was given in place of what holds otherwise. */
export function timeoutsOver(base: Timeouts, given: z.output<typeof TimeoutsSchema>): Timeouts {
  const { scheduleToStart, startToClose, scheduleToClose, heartbeat } = given;
  return {
    ...base,
    ...(scheduleToStart === undefined ? {} : { scheduleToStartMs: scheduleToStart }),
    ...(startToClose === undefined ? {} : { startToCloseMs: startToClose }),
    ...(scheduleToClose === undefined ? {} : { scheduleToCloseMs: scheduleToClose }),
    ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat }),
  };
}

export function retryView(policy: RetryPolicy): Record<string, unknown> {
  const { maxAttempts, initialIntervalMs, backoffCoefficient, maxIntervalMs, jitter, nonRetryableCodes } = policy;
  return {
    maxAttempts,
    initialInterval: formatDuration(initialIntervalMs),
    backoffCoefficient,
    maxInterval: formatDuration(maxIntervalMs),
    jitter,
    nonRetryableCodes,
  };
}

export function timeoutsView({ scheduleToStartMs, startToCloseMs, scheduleToCloseMs, heartbeatMs }: Timeouts): Record<string, string> {
  const given = {
    scheduleToStart: scheduleToStartMs,
    startToClose: startToCloseMs,
    scheduleToClose: scheduleToCloseMs,
    heartbeat: heartbeatMs,
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, formatDuration(ms)]])));
}
