/** Outbound calls by `fetch`: the worker's own way out. On one machine it ends in `outbound-service.ts`, on Cloudflare in its network. */
import { faultOf, MAX_RESPONSE_BYTES, type Outbound, type OutboundFault } from '@errand/executors/integration/outbound';

/** Says, in an answer of the local way out, why there is none. Believed only where that way out is bound. */
export const FAULT_HEADER = 'errand-outbound-fault';
/** Tells the local way out how long the call may take. */
export const TIMEOUT_HEADER = 'errand-outbound-timeout-ms';

/** `wayOut` is `guarded` where `outbound-service.ts` stands behind `fetch`, `platform` on Cloudflare. */
export function createFetchOutbound(wayOut: 'guarded' | 'platform'): Outbound {
  return async ({ url, method, headers, body, timeoutMs, signal }) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(url, {
        method,
        headers: wayOut === 'guarded' ? { ...headers, [TIMEOUT_HEADER]: String(timeoutMs) } : headers,
        redirect: 'manual',
        signal: limit,
        ...(body === undefined ? {} : { body }),
      });
      const fault = wayOut === 'guarded' ? response.headers.get(FAULT_HEADER) : null;
      if (fault !== null) return faultOf(fault as OutboundFault['kind'], await response.text());
      const bytes = await readBounded(response);
      if (bytes === undefined) return faultOf('too_large', `The answer has more than ${MAX_RESPONSE_BYTES} bytes.`);
      return { ok: true, response: { status: response.status, headers: Object.fromEntries(response.headers), body: bytes } };
    } catch (thrown) {
      if (limit.aborted) return faultOf('timeout', 'There was no whole answer in time.');
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return faultOf(/\bTLS\b|certificate/i.test(message) ? 'tls' : 'connection', message);
    }
  };
}

async function readBounded(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
