/** JSON in one spelling, and digests of it: the same content with its members in another order gives the same text. */
import { createHash } from 'node:crypto';
import { isJsonObject } from '@errand/core/json';

/** The value as JSON without spaces, the members of every object sorted by name. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((member) => `${JSON.stringify(member)}:${canonicalJson(value[member])}`)
    .join(',')}}`;
}

/** SHA-256 of {@link canonicalJson}, in base64url. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** SHA-256 of a text, in base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
