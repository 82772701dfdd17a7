/** Takes credentials out of what a third party answers: some echo the request with its headers, and answers are stored. */
import { isJsonObject, type Json } from '@errand/core/json';

const REDACTED = '[redacted]';
/** Shorter secrets are left in: they protect nothing, and would be found in ordinary words. */
const MIN_SECRET_LENGTH = 6;

/** A function that replaces every occurrence of the secrets in the texts of a value, names of members included. */
export function redactor(secrets: readonly string[]): (value: Json) => Json {
  const needles = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH).sort((a, b) => b.length - a.length);
  const clean = (text: string): string => needles.reduce((rest, needle) => rest.replaceAll(needle, REDACTED), text);
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(walk);
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [clean(key), walk(member)]));
    return value;
  };
  return needles.length === 0 ? (value) => value : walk;
}
