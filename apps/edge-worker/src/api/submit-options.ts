/** What the simple options of a task must be, wherever a caller sets them. */
import type { Json } from '@errand/core/json';

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;
/** Ten years: later starts are mistakes. */
const MAX_AHEAD_MS = 3_650 * 86_400_000;

export const PRIORITY_RULE = 'must be a whole number from 1 (first) to 5';
export const TAGS_RULE = `must be at most ${MAX_TAGS} texts of 1 to ${MAX_TAG_LENGTH} characters`;
export const START_RULE = 'must be an RFC 3339 time within ten years, such as "2030-01-01T09:00:00Z"';

export function fitsPriority(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5;
}

export function fitsTags(value: Json): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_TAGS &&
    value.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= MAX_TAG_LENGTH)
  );
}

/** Epoch ms of an RFC 3339 time at most ten years after `now`, or `undefined`. */
export function readStart(value: Json | undefined, now: number): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) || at > now + MAX_AHEAD_MS ? undefined : at;
}
