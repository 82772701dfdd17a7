/** Schemas of members that many bodies have: durations, times, texts, and JSON that is passed through untouched. */
import { z } from '@hono/zod-openapi';
import { parseDuration } from '@errand/core/duration';
import { isJsonObject, type Json, type JsonObject } from '@errand/core/json';

/** The furthest time to come that is accepted: ten years. A later one is a mistake. */
export const MAX_AHEAD_MS = 3_650 * 86_400_000;

const EXAMPLE = 'without sign, months or years and of at most ten years, such as "PT30S"';

/** An ISO 8601 duration above zero, as milliseconds. */
export const duration = durationFrom(1, `must be an ISO 8601 duration above zero, ${EXAMPLE}`);
/** An ISO 8601 duration as milliseconds; `PT0S` is one. */
export const durationOrNone = durationFrom(0, `must be an ISO 8601 duration, ${EXAMPLE}`);

/** A text of 1 to `max` characters. */
export function text(max: number): z.ZodString {
  return z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`);
}

/** A list of at most `most` different texts of 1 to `max` characters. */
export function texts(most: number, max: number): z.ZodType<readonly string[]> {
  return z.array(text(max)).max(most, `must be at most ${most} texts`).refine(isSet, 'must not hold the same text twice');
}

/** Any JSON, untouched. */
export const json = z
  .custom<Json>((value) => value !== undefined, 'is required')
  .openapi({ type: ['object', 'array', 'string', 'number', 'boolean', 'null'] });
/** Any JSON object, untouched: zod's own objects would drop a member named `__proto__`. */
export const jsonObject = z.custom<JsonObject>(isJsonObject, 'must be an object').openapi({ type: 'object' });

/** Epoch ms of an RFC 3339 time, or `undefined` for anything else: a time without zone, a 30th of February, 24 o'clock. */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i.exec(text);
  if (match === null) return undefined;
  const at = Date.parse(text.toUpperCase());
  // `Date.parse` rolls a 30th of February over into March.
  const dayExists = new Date(`${match[1]}T00:00:00Z`).toJSON()?.startsWith(match[1] ?? '') === true;
  return Number.isNaN(at) || !dayExists ? undefined : at;
}

function durationFrom(leastMs: number, message: string): z.ZodType<number, string> {
  return z
    .string()
    .transform((written, context) => {
      const durationMs = parseDuration(written);
      if (durationMs !== undefined && durationMs >= leastMs) return durationMs;
      context.addIssue({ code: 'custom', message, input: written });
      return z.NEVER;
    })
    .openapi({ type: 'string', format: 'duration', example: 'PT30S' });
}

function isSet(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
