/** The options of a submission: whatever a task may have besides its type and input. Every fault is reported, with its pointer. */
import { parseDuration } from '@errand/core/duration';
import type { Json, JsonObject } from '@errand/core/json';
import type { z } from '@hono/zod-openapi';
import { parseField } from './parse-body.ts';
import type { EgressGuard } from '@errand/executors/integration/egress';
import type { FieldError } from './problem.ts';
import { RetrySchema, TimeoutsSchema } from './retry-and-timeouts.ts';
import type { Service } from './service.ts';
import { fitsMetadata, fitsPriority, fitsTags, METADATA_RULE, PRIORITY_RULE, readStart, START_RULE, TAGS_RULE } from './option-rules.ts';

const MAX_URL_LENGTH = 2_048;
const TTL_RULE = 'must be an ISO 8601 duration above zero, without months or years and of at most ten years, such as "PT30S"';

export interface SubmissionOptions {
  /** `undefined` where the submission names none: a rule may then choose. */
  readonly priority: number | undefined;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  /** Epoch ms; a time that has passed means now. */
  readonly scheduledFor: number | undefined;
  readonly ttlMs: number | undefined;
  /** Where the ending is told, in the one spelling of URLs. */
  readonly callbackUrl: string | undefined;
  readonly retry: z.output<typeof RetrySchema>;
  readonly timeouts: z.output<typeof TimeoutsSchema>;
}

/** Reads the options of `body`, adding what is wrong with them to `errors`. */
export function readSubmissionOptions(
  body: JsonObject,
  { now, egress }: Pick<Service, 'now' | 'egress'>,
  errors: FieldError[],
): SubmissionOptions {
  const { priority, tags, metadata, scheduledFor, ttl, retry, timeouts } = body;
  const check = <T extends Json>(
    member: string,
    value: Json | undefined,
    fits: (value: Json) => value is T,
    rule: string,
  ): T | undefined => {
    if (value === undefined || fits(value)) return value;
    errors.push({ pointer: `#/${member}`, detail: rule });
    return undefined;
  };
  const read = (member: string, value: Json | undefined, result: number | undefined, rule: string): number | undefined => {
    if (value !== undefined && result === undefined) errors.push({ pointer: `#/${member}`, detail: rule });
    return result;
  };
  return {
    priority: check('priority', priority, fitsPriority, PRIORITY_RULE),
    tags: check('tags', tags, fitsTags, TAGS_RULE) ?? [],
    metadata: check('metadata', metadata, fitsMetadata, METADATA_RULE) ?? {},
    scheduledFor: read('scheduledFor', scheduledFor, readStart(scheduledFor, now()), START_RULE),
    ttlMs: read('ttl', ttl, readTtl(ttl), TTL_RULE),
    callbackUrl: readCallbackUrl(body['callbackUrl'], egress, errors),
    retry: (retry === undefined ? {} : parseField(RetrySchema, retry, '#/retry', errors)) ?? {},
    timeouts: (timeouts === undefined ? {} : parseField(TimeoutsSchema, timeouts, '#/timeouts', errors)) ?? {},
  };
}

function readTtl(value: Json | undefined): number | undefined {
  const ttlMs = typeof value === 'string' ? parseDuration(value) : undefined;
  return ttlMs === 0 ? undefined : ttlMs;
}

/** Where the ending is told: a place that outbound calls may go to, judged again each time. */
function readCallbackUrl(value: unknown, egress: EgressGuard, errors: FieldError[]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > MAX_URL_LENGTH) {
    errors.push({ pointer: '#/callbackUrl', detail: `must be a URL of at most ${MAX_URL_LENGTH} characters` });
    return undefined;
  }
  const destination = egress.checkUrl(value);
  if (destination.ok) return destination.url.href;
  errors.push({ pointer: '#/callbackUrl', detail: destination.detail, keyword: 'blocked_destination' });
  return undefined;
}
