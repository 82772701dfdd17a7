/**
 * Outbound HTTP calls as plain data. A runtime makes them its own way (`fetch`, `node:http`); what may be called, and where a
 * redirect may lead, is decided here, before every single request.
 */
import { MAX_TIMER_MS } from '@errand/core/duration';
import type { EgressGuard } from './egress.ts';

export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole call, until the last byte of the answer is read. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  /** Lower-case names; several of one name joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Why a call has no answer. */
export interface OutboundFault {
  readonly kind: 'blocked' | 'connection' | 'tls' | 'timeout' | 'too_large' | 'redirect';
  readonly detail: string;
  /** Of an answer that is too large. */
  readonly status?: number;
}

export type OutboundAnswer =
  | { readonly ok: true; readonly response: OutboundResponse }
  | { readonly ok: false; readonly fault: OutboundFault };

/** Makes one request. It follows no redirect, and whatever the other side does is an answer or a fault, never a throw. */
export type Outbound = (request: OutboundRequest) => Promise<OutboundAnswer>;

/** The largest body of an answer that is read. More of a 2xx is the fault `too_large`; of any other status the rest is left out. */
export const MAX_RESPONSE_BYTES = 1_048_576;
/** Redirects followed in one call. */
const MAX_REDIRECTS = 5;

/**
 * Makes calls through `send`, each checked by `guard` first. With `follow`, redirects are followed within the origin and where method
 * and body stay the same: a credential must not travel to another host, and a POST must not become a GET. With `refuse` a
 * redirect is the answer.
 */
export function guardedOutbound(send: Outbound, guard: EgressGuard, redirects: 'follow' | 'refuse'): Outbound {
  return async (request) => {
    let url = request.url;
    const timeoutMs = Math.min(request.timeoutMs, MAX_TIMER_MS);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const destination = guard.checkUrl(url);
      if (!destination.ok) return faultOf('blocked', `The destination ${destination.detail}.`);
      const answer = await send({ ...request, url, timeoutMs });
      const location = answer.ok && isRedirect(answer.response.status) ? answer.response.headers['location'] : undefined;
      if (!answer.ok || location === undefined || redirects === 'refuse') return answer;
      const next = URL.parse(location, destination.url);
      if (next === null || next.origin !== destination.url.origin)
        return faultOf('redirect', 'The answer leads to another host, where this call does not go.');
      if (answer.response.status <= 303 && request.method !== 'GET' && request.method !== 'HEAD')
        return faultOf('redirect', `The answer (${answer.response.status}) would change the call into another one.`);
      url = next.href;
    }
    return faultOf('redirect', `The answer led on more than ${MAX_REDIRECTS} times.`);
  };
}

/** Builds the result of a call that has no answer, or whose answer of `status` could not be read. */
export function faultOf(kind: OutboundFault['kind'], detail: string, status?: number): OutboundAnswer {
  return { ok: false, fault: { kind, detail, ...(status === undefined ? {} : { status }) } };
}

/** Says whether the other side took what it was sent. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
