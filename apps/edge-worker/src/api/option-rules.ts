/** What the plain options of a task must be, wherever a caller sets them: in a submission, a batch, a patch or a reschedule. */
import { isJsonObject, type Json, type JsonObject } from '@errand/core/json';
import { MAX_AHEAD_MS, parseTime } from './fields.ts';

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;
/** Metadata travels with every read of a task and every list: it is for labels, not for payloads. */
const MAX_METADATA_MEMBERS = 64;
const MAX_METADATA_NAME_LENGTH = 128;
const MAX_METADATA_CHARACTERS = 16_384;

export const PRIORITY_RULE = 'must be a whole number from 1 (first) to 5';
export const TAGS_RULE = `must be at most ${MAX_TAGS} texts of 1 to ${MAX_TAG_LENGTH} characters`;
export const START_RULE = 'must be an RFC 3339 time within ten years, such as "2030-01-01T09:00:00Z"';
export const METADATA_RULE = `must be an object of at most ${MAX_METADATA_MEMBERS} members with names of at most ${MAX_METADATA_NAME_LENGTH} characters, and have at most ${MAX_METADATA_CHARACTERS} characters as JSON`;

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

export function fitsMetadata(value: Json): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const names = Object.keys(value);
  return (
    names.length <= MAX_METADATA_MEMBERS &&
    names.every((name) => name.length <= MAX_METADATA_NAME_LENGTH) &&
    JSON.stringify(value).length <= MAX_METADATA_CHARACTERS
  );
}

/**
 * Epoch ms of an RFC 3339 time, or `undefined` for anything else and for a time more than ten years after `now`. One that has passed
 * is fine.
 */
export function readStart(value: Json | undefined, now: number): number | undefined {
  const at = typeof value === 'string' ? parseTime(value) : undefined;
  return at === undefined || at > now + MAX_AHEAD_MS ? undefined : at;
}
