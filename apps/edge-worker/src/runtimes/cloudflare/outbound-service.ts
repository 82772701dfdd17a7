/**
 * Where the `fetch` of a worker in miniflare ends: a handler in the Node process that starts it. miniflare turns workerd's
 * own refusal of private networks off, so the guard at connect time stands here.
 */
import { Response, type Request } from 'miniflare';
import type { Outbound, OutboundFault } from '@errand/executors/integration/outbound';
import { FAULT_HEADER, FAULT_STATUS_HEADER, TIMEOUT_HEADER } from './fetch-outbound.ts';

/** Longest call when the worker asks for no limit of its own. */
const TIMEOUT_MS = 60_000;
/** What the simulator and the connection add, and nobody outside should see. */
const DROPPED = /^(?:mf-|cf-|x-forwarded-|connection$|keep-alive$|transfer-encoding$)/;
/** Statuses whose answers have no body, not even an empty one (https://fetch.spec.whatwg.org/#null-body-status). */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** A handler for miniflare's `outboundService`. */
export function createOutboundService(send: Outbound): (request: Request) => Promise<Response> {
  return async (request) => {
    const { [TIMEOUT_HEADER]: timeout, ...headers } = Object.fromEntries(request.headers);
    const body = request.body === null ? undefined : await request.text();
    const answer = await send({
      url: request.url,
      method: request.method,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !DROPPED.test(name))),
      timeoutMs: timeout === undefined ? TIMEOUT_MS : Number(timeout),
      signal: new AbortController().signal,
      ...(body === undefined || body === '' ? {} : { body }),
    });
    if (!answer.ok) return faultResponse(answer.fault);
    const { status, body: bytes } = answer.response;
    if (status < 200 || status > 599)
      return faultResponse({ kind: 'connection', detail: `The answer has no status that HTTP knows (${status}).` });
    // An answer that claims a fault of ours would be believed by the worker.
    const { [FAULT_HEADER]: _, 'content-length': __, ...rest } = answer.response.headers;
    return new Response(BODILESS.has(status) ? null : bytes, { status, headers: rest });
  };
}

function faultResponse({ kind, detail, status }: OutboundFault): Response {
  const behind = status === undefined ? {} : { [FAULT_STATUS_HEADER]: String(status) };
  return new Response(detail, { status: 502, headers: { [FAULT_HEADER]: kind, ...behind } });
}
