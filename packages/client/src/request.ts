/**
 * One request to the service with bounded patience: 429 and 503 are tried again when `Retry-After` says so, and a
 * network error is tried again when the request may be repeated safely. It knows nothing of tasks.
 */
import { ProblemError, toProblem } from './problem-error.ts';

/** Where and how requests are sent. */
export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  /** A replacement for the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Ends every request and every pause between tries. */
  readonly signal?: AbortSignal;
  /** Tries of one request in all; 6 when left out. */
  readonly maxTries?: number;
}

/** One request. `repeatable` says that sending it twice does no harm. */
export interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly repeatable: 'yes' | 'no';
  readonly timeoutMs?: number;
}

/** A successful answer, its body parsed. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

const DEFAULT_TRIES = 6;
const FIRST_PAUSE_MS = 100;
/** Longer pauses would hide an outage from whoever waits for the answer. */
const LONGEST_PAUSE_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** Sends a request. Throws {@link ProblemError} for a refusal and `fetch`'s own error when the network is gone for good. */
export async function request<T>(to: Connection, options: RequestOptions): Promise<Answer<T>> {
  const tries = to.maxTries ?? DEFAULT_TRIES;
  for (let attempt = 1; ; attempt += 1) {
    let response: Response;
    let text: string;
    try {
      response = await send(to, options);
      text = await response.text();
    } catch (error) {
      if (to.signal?.aborted || options.repeatable === 'no' || attempt >= tries) throw error;
      await pause(backoffMs(attempt), to.signal);
      continue;
    }
    if (response.ok) return { status: response.status, headers: response.headers, body: parse<T>(text) };
    const busy = response.status === 429 || response.status === 503;
    if (!busy || attempt >= tries) throw new ProblemError(toProblem(response.status, text));
    await pause(retryAfterMs(response.headers.get('retry-after')) ?? backoffMs(attempt), to.signal);
  }
}

function send(to: Connection, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const headers: Record<string, string> = { authorization: `Bearer ${to.apiKey}`, accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const call = to.fetch ?? globalThis.fetch;
  return call(`${to.url}${options.path}`, {
    method: options.method,
    headers,
    signal: to.signal ? AbortSignal.any([to.signal, timeout]) : timeout,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
}

function parse<T>(text: string): T {
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Exponential, with jitter so that clients refused together do not return together. */
function backoffMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/** Reads seconds or an HTTP date; `undefined` when there is neither. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(delayMs) ? Math.min(LONGEST_PAUSE_MS, Math.max(0, delayMs)) : undefined;
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
