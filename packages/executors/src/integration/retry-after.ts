/** `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. */

/** The longest wait that is believed: one day. The retry policy's own longest interval caps it again. */
const MAX_WAIT_MS = 86_400_000;

/** Milliseconds to wait from `now` (epoch ms), or `undefined` for no header, one that cannot be read, or a time that has passed. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return bounded(Number(text) * 1_000);
  // A date of HTTP begins with its weekday. `Date.parse` takes much else, which is none.
  const at = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : bounded(at - now);
}

function bounded(waitMs: number): number | undefined {
  return waitMs <= 0 ? undefined : Math.min(waitMs, MAX_WAIT_MS);
}
