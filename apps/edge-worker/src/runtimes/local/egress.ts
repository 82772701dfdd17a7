/**
 * Outbound calls on this machine, over `node:http(s)`: the name is resolved here, every address is judged, and the socket
 * goes to an address that was judged. `fetch` cannot do that, for it resolves the name once more.
 */
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { EgressGuard } from '@errand/executors/integration/egress';
import {
  faultOf,
  isSuccess,
  MAX_RESPONSE_BYTES,
  type Outbound,
  type OutboundAnswer,
  type OutboundRequest,
} from '@errand/executors/integration/outbound';

/** Gives all addresses of a name. Tests inject their own. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Error codes of Node that mean the certificate, not the network (`tls` and OpenSSL's X509 names). */
const TLS_CODES =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_|ERROR_IN_CERT)/;

class Blocked extends Error {}
class TooLarge extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The answer has more than ${MAX_RESPONSE_BYTES} bytes.`);
    this.status = status;
  }
}

/** Makes guarded calls. A connection is used once: one that is kept would outlive the check of its address. */
export function createNodeOutbound(guard: EgressGuard, resolve: Resolve = resolveAll): Outbound {
  return async (request) => {
    const destination = guard.checkUrl(request.url);
    if (!destination.ok) return faultOf('blocked', `The destination ${destination.detail}.`);
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
    try {
      return { ok: true, response: await exchange(destination.url, request, signal, lookupOf(destination.url, guard, resolve)) };
    } catch (thrown) {
      return answerOfThrown(thrown, signal);
    }
  };
}

function exchange(url: URL, request: OutboundRequest, signal: AbortSignal, lookup: LookupFunction) {
  return new Promise<Extract<OutboundAnswer, { ok: true }>['response']>((resolve, reject) => {
    const { 'content-length': _, host: __, ...headers } = request.headers;
    const options: RequestOptions = {
      method: request.method,
      headers: { ...headers, 'accept-encoding': 'identity', connection: 'close' },
      agent: false,
      lookup,
      signal,
    };
    const call = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url.href, options, (message) => {
      readBody(message).then((body) => resolve({ status: message.statusCode ?? 0, headers: headersOf(message), body }), reject);
    });
    call.on('error', reject);
    // A body that ends the request in one piece gets its length written by Node.
    call.end(request.body === undefined ? undefined : Buffer.from(request.body));
  });
}

/** Resolves, judges every address, and pins the first: a name with one private address among public ones is refused. */
function lookupOf(url: URL, guard: EgressGuard, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const refused = addresses.map(({ address }) => guard.checkAddress(url, address)).find((detail) => detail !== undefined);
        if (refused !== undefined) return callback(new Blocked(`${refused}.`), '', 0);
        const [first] = addresses;
        if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0);
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (fault: Error) => callback(fault, '', 0),
    );
  };
}

function resolveAll(host: string): Promise<LookupAddress[]> {
  return new Promise((done, fail) => {
    resolveName(host, { all: true }, (fault, addresses) => (fault === null ? done(addresses) : fail(fault)));
  });
}

/** The body, whole; of a refusal as much as there is room for. */
async function readBody(message: IncomingMessage): Promise<Uint8Array> {
  const { statusCode: status = 0 } = message;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES) {
      message.destroy();
      if (isSuccess(status)) throw new TooLarge(status);
      break;
    }
    chunks.push(chunk);
  }
  try {
    return decoded(Buffer.concat(chunks), message.headers['content-encoding']);
  } catch (fault) {
    // What a refusal said cannot be unpacked. That it refused is known.
    if (!isSuccess(status)) return new Uint8Array();
    throw (fault as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new TooLarge(status) : fault;
  }
}

/** Some servers compress unasked. What unpacks to more than an answer may have is none. */
function decoded(bytes: Buffer, encoding: string | undefined): Uint8Array {
  const limit = { maxOutputLength: MAX_RESPONSE_BYTES };
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, limit);
  if (encoding === 'deflate') return inflateSync(bytes, limit);
  return encoding === 'br' ? brotliDecompressSync(bytes, limit) : bytes;
}

function headersOf(message: IncomingMessage): Record<string, string> {
  const { 'content-encoding': _, 'transfer-encoding': __, connection: ___, ...rest } = message.headers;
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])),
  );
}

function answerOfThrown(thrown: unknown, signal: AbortSignal): OutboundAnswer {
  if (thrown instanceof Blocked) return faultOf('blocked', thrown.message);
  if (thrown instanceof TooLarge) return faultOf('too_large', thrown.message, thrown.status);
  if (signal.aborted) return faultOf('timeout', 'There was no whole answer in time.');
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  return TLS_CODES.test(code) ? faultOf('tls', message) : faultOf('connection', code === '' ? message : `${code}: ${message}`);
}
