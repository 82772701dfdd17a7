/** The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07, unquoted keys taken too). */
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

const PATTERN = /^[\x20-\x7e]{1,255}$/;

/** The key; `undefined` where none was sent. Throws a 400 for one that is empty, too long, or not printable ASCII. */
export function idempotencyKey(request: ApiRequest): string | undefined {
  const text = request.headers.get('idempotency-key');
  if (text === null) return undefined;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (!isIdempotencyKey(key))
    throw new Problem(400, 'invalid_idempotency_key', 'An idempotency key has 1 to 255 printable ASCII characters.');
  return key;
}

export function isIdempotencyKey(text: string): boolean {
  return PATTERN.test(text);
}
