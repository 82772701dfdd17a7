/** `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. */

/** Longest wait that is believed; the type's own longest interval caps it again. */
const MAX_WAIT_MS = 86_400_000;

/** Milliseconds to wait from `now`, or `undefined` where the header says nothing that can be used. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return bounded(Number(text) * 1_000);
  // An HTTP-date names its weekday; whatever else `Date.parse` takes is no date of HTTP.
  const at = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : bounded(at - now);
}

function bounded(waitMs: number): number | undefined {
  return waitMs <= 0 ? undefined : Math.min(waitMs, MAX_WAIT_MS);
}
