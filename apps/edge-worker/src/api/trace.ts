/** The trace a request belongs to (W3C Trace Context), so that a caller's log and ours can be laid side by side. */
import type { ApiRequest } from './api-request.ts';

/** The caller's own trace where it sent one; otherwise a new one. Version 00 and later ones begin alike; ff is none, and nor are zeros. */
export function traceIdOf(request: ApiRequest): string {
  const traceId = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/.exec(
    request.headers.get('traceparent') ?? '',
  )?.[1];
  return traceId === undefined || /^0+$/.test(traceId) ? crypto.randomUUID().replaceAll('-', '') : traceId;
}

/** `traceresponse` (https://www.w3.org/TR/trace-context-2/#traceresponse-header): the trace, and this service's part in it. */
export function traceHeader(traceId: string): string {
  const random = crypto.randomUUID();
  return `00-${traceId}-${random.slice(0, 8)}${random.slice(-8)}-00`;
}
