import type { Problem } from './shapes.ts';

/** What a person can do about a problem, where its own words do not say. */
export function adviceFor({ status, retryAfterSeconds, traceId }: Problem): string {
  if (status === 429 || status === 503)
    return `Nothing was changed. Try again in ${retryAfterSeconds === undefined || retryAfterSeconds <= 1 ? 'a moment' : `${retryAfterSeconds} seconds`}.`;
  if (status === 403) return 'A key with more rights can: ask whoever made yours.';
  if (status >= 500)
    return `Try again. If it stays, tell whoever runs the service${traceId === undefined ? '' : `, with the trace ${traceId}`}.`;
  return '';
}
