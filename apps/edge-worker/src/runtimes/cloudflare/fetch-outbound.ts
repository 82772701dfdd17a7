/** Outbound calls by `fetch`: the worker's own way out. On one machine it ends in `outbound-service.ts`, on Cloudflare in its network. */
import { faultOf, isSuccess, MAX_RESPONSE_BYTES, type Outbound, type OutboundFault } from '@errand/executors/integration/outbound';

/** Says, in an answer of the local way out, why there is none. Believed only where that way out is bound. */
export const FAULT_HEADER = 'errand-outbound-fault';
/** The status of the answer that such a fault is about. */
export const FAULT_STATUS_HEADER = 'errand-outbound-fault-status';
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
      if (fault !== null) return faultOf(fault as OutboundFault['kind'], await response.text(), statusBehind(response));
      const { status } = response;
      const { bytes, isWhole } = await readBounded(response);
      if (!isWhole && isSuccess(status)) return faultOf('too_large', `The answer has more than ${MAX_RESPONSE_BYTES} bytes.`, status);
      return { ok: true, response: { status, headers: Object.fromEntries(response.headers), body: bytes } };
    } catch (thrown) {
      if (limit.aborted) return faultOf('timeout', 'There was no whole answer in time.');
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return faultOf(/\bTLS\b|certificate/i.test(message) ? 'tls' : 'connection', message);
    }
  };
}

/** The status of the answer that the fault is about, where there was one. */
function statusBehind({ headers }: Response): number | undefined {
  const status = headers.get(FAULT_STATUS_HEADER);
  return status === null ? undefined : Number(status);
}

/** The body, or as much of it as an answer may have. */
async function readBounded(response: Response): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = true;
  for await (const chunk of response.body ?? []) {
    isWhole = size + chunk.byteLength <= MAX_RESPONSE_BYTES;
    if (!isWhole) break;
    size += chunk.byteLength;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return { bytes, isWhole };
}
