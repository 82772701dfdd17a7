/** The options of a submission: whatever a task may have besides its type and input. Every fault is reported, with its pointer. */
import { parseDuration } from '@errand/core/duration';
import { isJsonObject, type JsonObject } from '@errand/core/json';
import type { z } from '@hono/zod-openapi';
import { MAX_AHEAD_MS, parseTime } from './fields.ts';
import { parseField } from './parse-body.ts';
import type { FieldError } from './problem.ts';
import { RetrySchema, TimeoutsSchema } from './retry-and-timeouts.ts';

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;
/** Metadata travels with every read of a task and every list: it is for labels, not for payloads. */
const MAX_METADATA_MEMBERS = 64;
const MAX_METADATA_KEY_LENGTH = 128;
const MAX_METADATA_CHARACTERS = 16_384;

export interface SubmissionOptions {
  /** `undefined` where the submission names none: a rule may then choose. */
  readonly priority: number | undefined;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  /** Epoch ms; a time that has passed means now. */
  readonly scheduledFor: number | undefined;
  readonly ttlMs: number | undefined;
  readonly retry: z.output<typeof RetrySchema>;
  readonly timeouts: z.output<typeof TimeoutsSchema>;
}

/** Reads the options of `body`, adding what is wrong with them to `errors`. */
export function readSubmissionOptions(body: JsonObject, now: number, errors: FieldError[]): SubmissionOptions {
  return {
    priority: readPriority(body['priority'], errors),
    tags: readTags(body['tags'], errors),
    metadata: readMetadata(body['metadata'], errors),
    scheduledFor: readScheduledFor(body['scheduledFor'], now, errors),
    ttlMs: readTtl(body['ttl'], errors),
    retry: (body['retry'] === undefined ? {} : parseField(RetrySchema, body['retry'], '#/retry', errors)) ?? {},
    timeouts: (body['timeouts'] === undefined ? {} : parseField(TimeoutsSchema, body['timeouts'], '#/timeouts', errors)) ?? {},
  };
}

function readPriority(value: unknown, errors: FieldError[]): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5)) return value;
  errors.push({ pointer: '#/priority', detail: 'must be a whole number from 1 (first) to 5' });
  return undefined;
}

function readTags(value: unknown, errors: FieldError[]): readonly string[] {
  if (value === undefined) return [];
  const fits =
    Array.isArray(value) &&
    value.length <= MAX_TAGS &&
    value.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= MAX_TAG_LENGTH);
  if (fits) return value as string[];
  errors.push({ pointer: '#/tags', detail: `must be at most ${MAX_TAGS} texts of 1 to ${MAX_TAG_LENGTH} characters` });
  return [];
}

function readMetadata(value: unknown, errors: FieldError[]): JsonObject {
  if (value === undefined) return {};
  const detail = !isJsonObject(value)
    ? 'must be an object'
    : Object.keys(value).length > MAX_METADATA_MEMBERS
      ? `must have at most ${MAX_METADATA_MEMBERS} members`
      : Object.keys(value).some((key) => key.length > MAX_METADATA_KEY_LENGTH)
        ? `must have names of at most ${MAX_METADATA_KEY_LENGTH} characters`
        : JSON.stringify(value).length > MAX_METADATA_CHARACTERS
          ? `must have at most ${MAX_METADATA_CHARACTERS} characters as JSON`
          : undefined;
  if (detail === undefined) return value as JsonObject;
  errors.push({ pointer: '#/metadata', detail });
  return {};
}

/** Epoch ms of a start; a time that has passed means now. */
export function readScheduledFor(value: unknown, now: number, errors: FieldError[]): number | undefined {
  if (value === undefined) return undefined;
  const at = typeof value === 'string' ? parseTime(value) : undefined;
  if (at !== undefined && at <= now + MAX_AHEAD_MS) return at;
  errors.push({ pointer: '#/scheduledFor', detail: 'must be an RFC 3339 time within ten years, such as "2030-01-01T09:00:00Z"' });
  return undefined;
}

function readTtl(value: unknown, errors: FieldError[]): number | undefined {
  if (value === undefined) return undefined;
  const ttlMs = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ttlMs !== undefined && ttlMs > 0) return ttlMs;
  errors.push({ pointer: '#/ttl', detail: 'must be an ISO 8601 duration above zero, without months or years, such as "PT30S"' });
  return undefined;
}
