/** Retry policies and timeouts as clients write them, for task types and for single tasks: reading, merging over a base, showing. */
import { z } from '@hono/zod-openapi';
import { formatDuration } from '@errand/core/duration';
import type { RetryPolicy, Timeouts } from '@errand/core/task-type';
import type { Json, JsonObject } from '@errand/core/json';
import { duration, durationOrNone, texts } from './fields.ts';
import { parseField } from './parse-body.ts';
import type { FieldError } from './problem.ts';

const MAX_ATTEMPTS = 10_000;
const MAX_COEFFICIENT = 100;

const retryMembers = z.strictObject({
  maxAttempts: z.int().min(1).max(MAX_ATTEMPTS),
  initialInterval: durationOrNone,
  backoffCoefficient: z.number().min(1).max(MAX_COEFFICIENT),
  maxInterval: durationOrNone,
  jitter: z.enum(['none', 'full']),
  nonRetryableCodes: texts(100, 200),
});
const ORDERED = { message: 'must not be shorter than initialInterval', path: ['maxInterval'] };

/** A part of a policy: members left out stay as in the policy that it is merged over. */
export const RetrySchema = retryMembers
  .partial()
  .refine(({ initialInterval = 0, maxInterval = initialInterval }) => maxInterval >= initialInterval, ORDERED)
  .openapi('Retry');
const WholeRetrySchema = retryMembers.refine(({ initialInterval, maxInterval }) => maxInterval >= initialInterval, ORDERED);

export const TimeoutsSchema = z
  .strictObject({ scheduleToStart: duration, startToClose: duration, scheduleToClose: duration, heartbeat: duration })
  .partial()
  .openapi('Timeouts');

/** Reads a whole policy. Adds its faults to `errors`. */
export function readRetry(value: Json, errors: FieldError[]): RetryPolicy | undefined {
  const read = parseField(WholeRetrySchema, value, '#/retry', errors);
  if (read === undefined) return undefined;
  const { initialInterval, maxInterval, ...rest } = read;
  return { ...rest, initialIntervalMs: initialInterval, maxIntervalMs: maxInterval };
}

/** Reads all timeouts. Adds their faults to `errors`; `startToClose` or `scheduleToClose` must be there, for nothing may run for ever. */
export function readTimeouts(value: Json, errors: FieldError[]): Timeouts | undefined {
  const read = parseField(TimeoutsSchema, value, '#/timeouts', errors);
  if (read === undefined) return undefined;
  if (read.startToClose !== undefined || read.scheduleToClose !== undefined) return timeoutsOver({}, read);
  errors.push({ pointer: '#/timeouts', detail: 'must hold startToClose or scheduleToClose' });
  return undefined;
}

/**
 * `base` with the members of `given` in place of its own. Where nothing is given it is `base` itself, so that the tasks of a type
 * share one object.
 */
export function retryOver(base: RetryPolicy, given: z.output<typeof RetrySchema>): RetryPolicy {
  if (isEmpty(given)) return base;
  const { initialInterval, maxInterval, maxAttempts, backoffCoefficient, jitter, nonRetryableCodes } = given;
  const initialIntervalMs = initialInterval ?? base.initialIntervalMs;
  return {
    ...base,
    maxAttempts: maxAttempts ?? base.maxAttempts,
    initialIntervalMs,
    backoffCoefficient: backoffCoefficient ?? base.backoffCoefficient,
    // A first interval above the base's longest one would be cut to that: whoever asks for it means to get it.
    maxIntervalMs: maxInterval ?? Math.max(base.maxIntervalMs, initialIntervalMs),
    jitter: jitter ?? base.jitter,
    nonRetryableCodes: nonRetryableCodes ?? base.nonRetryableCodes,
  };
}

/** As {@link retryOver}, for timeouts. */
export function timeoutsOver(base: Timeouts, given: z.output<typeof TimeoutsSchema>): Timeouts {
  if (isEmpty(given)) return base;
  const { scheduleToStart, startToClose, scheduleToClose, heartbeat } = given;
  return {
    ...base,
    ...(scheduleToStart === undefined ? {} : { scheduleToStartMs: scheduleToStart }),
    ...(startToClose === undefined ? {} : { startToCloseMs: startToClose }),
    ...(scheduleToClose === undefined ? {} : { scheduleToCloseMs: scheduleToClose }),
    ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat }),
  };
}

function isEmpty(given: object): boolean {
  return Object.keys(given).length === 0;
}

/** A retry policy as JSON. */
export function retryView(policy: RetryPolicy): JsonObject {
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

/** Timeouts as JSON. */
export function timeoutsView({ scheduleToStartMs, startToCloseMs, scheduleToCloseMs, heartbeatMs }: Timeouts): JsonObject {
  const view: Record<string, string> = {};
  if (scheduleToStartMs !== undefined) view['scheduleToStart'] = formatDuration(scheduleToStartMs);
  if (startToCloseMs !== undefined) view['startToClose'] = formatDuration(startToCloseMs);
  if (scheduleToCloseMs !== undefined) view['scheduleToClose'] = formatDuration(scheduleToCloseMs);
  if (heartbeatMs !== undefined) view['heartbeat'] = formatDuration(heartbeatMs);
  return view;
}
