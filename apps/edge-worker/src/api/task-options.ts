/** Options of a task as the API writes them, and back: durations in ISO 8601, every error by its pointer. */
import { formatDuration, parseDuration } from '@errand/core/duration';
import { isJsonObject, type Json, type JsonObject } from '@errand/core/json';
import type { RetryPolicy, Timeouts } from '@errand/core/task-type';
import type { FieldError } from './problem.ts';
import { escapePointer } from './json-pointer.ts';

const MAX_ATTEMPTS = 10_000;
const MAX_COEFFICIENT = 100;
const MAX_CODES = 100;
const TIMEOUT_NAMES = ['scheduleToStart', 'startToClose', 'scheduleToClose', 'heartbeat'] as const;

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
export function timeoutsView(timeouts: Timeouts): JsonObject {
  return Object.fromEntries(
    TIMEOUT_NAMES.flatMap((name): [string, Json][] => {
      const ms = timeouts[`${name}Ms`];
      return ms === undefined ? [] : [[name, formatDuration(ms)]];
    }),
  );
}

/** Reads a whole retry policy; what is wrong goes to `errors`. */
export function readRetry(value: Json, errors: FieldError[]): RetryPolicy | undefined {
  const before = errors.length;
  if (!isJsonObject(value)) return void errors.push({ pointer: '#/retry', detail: 'must be an object' });
  const fail = (member: string, detail: string): void => void errors.push({ pointer: `#/retry/${escapePointer(member)}`, detail });
  const { maxAttempts, initialInterval, backoffCoefficient, maxInterval, jitter, nonRetryableCodes, ...unknown } = value;
  for (const member of Object.keys(unknown)) fail(member, 'is not a member of a retry policy');
  if (!isWithin(maxAttempts, 1, MAX_ATTEMPTS) || !Number.isInteger(maxAttempts))
    fail('maxAttempts', `must be a whole number from 1 to ${MAX_ATTEMPTS}`);
  if (!isWithin(backoffCoefficient, 1, MAX_COEFFICIENT)) fail('backoffCoefficient', `must be a number from 1 to ${MAX_COEFFICIENT}`);
  const initialIntervalMs = duration(initialInterval);
  const maxIntervalMs = duration(maxInterval);
  if (initialIntervalMs === undefined) fail('initialInterval', DURATION);
  if (maxIntervalMs === undefined) fail('maxInterval', DURATION);
  if (jitter !== 'none' && jitter !== 'full') fail('jitter', 'must be "none" or "full"');
  if (!isTexts(nonRetryableCodes)) fail('nonRetryableCodes', `must be at most ${MAX_CODES} texts`);
  if (errors.length > before) return undefined;
  return {
    maxAttempts: maxAttempts as number,
    initialIntervalMs: initialIntervalMs ?? 0,
    backoffCoefficient: backoffCoefficient as number,
    maxIntervalMs: maxIntervalMs ?? 0,
    jitter: jitter as 'none' | 'full',
    nonRetryableCodes: nonRetryableCodes as readonly string[],
  };
}

/** Reads all timeouts; what is wrong goes to `errors`. One of the two that close must be there: nothing may run for ever. */
export function readTimeouts(value: Json, errors: FieldError[]): Timeouts | undefined {
  const before = errors.length;
  if (!isJsonObject(value)) return void errors.push({ pointer: '#/timeouts', detail: 'must be an object' });
  const timeouts: Record<string, number> = {};
  for (const [name, text] of Object.entries(value)) {
    const ms = duration(text);
    if (!(TIMEOUT_NAMES as readonly string[]).includes(name))
      errors.push({ pointer: `#/timeouts/${escapePointer(name)}`, detail: `is not one of ${TIMEOUT_NAMES.join(', ')}` });
    else if (ms === undefined || ms === 0) errors.push({ pointer: `#/timeouts/${name}`, detail: `${DURATION} above zero` });
    else timeouts[`${name}Ms`] = ms;
  }
  if (errors.length === before && timeouts['startToCloseMs'] === undefined && timeouts['scheduleToCloseMs'] === undefined)
    errors.push({ pointer: '#/timeouts', detail: 'must hold startToClose or scheduleToClose' });
  return errors.length > before ? undefined : timeouts;
}

const DURATION = 'must be an ISO 8601 duration without months or years, such as "PT30S"';

function duration(value: Json | undefined): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function isWithin(value: Json | undefined, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isTexts(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length <= MAX_CODES && value.every((code) => typeof code === 'string' && code !== '');
}
