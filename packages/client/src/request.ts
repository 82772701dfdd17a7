/**
 * Sends one request, again where that helps and does no harm. After a refusal by which nothing was done every request is sent again;
 * after a network error, or a 503 that does not say what was done, only one that may be repeated. It knows nothing of tasks.
 */
import { ProblemError, toProblem, type Problem } from './problem-error.ts';

/** The service, the key, and how requests are sent. */
export interface Connection {
  /** The service's base URL, without a trailing slash. */
  readonly url: string;
  readonly apiKey: string;
  /** A replacement for the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Ends every request and every pause between tries. */
  readonly signal?: AbortSignal;
  /** Tries of one request in all; 6 when left out. */
  readonly maxTries?: number;
}

/** One request. */
export interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query, and every value in it escaped. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether sending it twice does no harm. */
  readonly repeatable: 'yes' | 'no';
  /** For each try; 30 s when left out. */
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
/** Caps `Retry-After`, too: whoever waits for the answer should hear of an outage soon. */
const LONGEST_PAUSE_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 30_000;
/** Codes of a 503 that say that nothing was done. With others, such as `timeout`, the request may have had its effect. */
const NOTHING_DONE: ReadonlySet<string | undefined> = new Set(['overloaded', 'storage_full', 'not_written', 'not_ready']);

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
    const problem = toProblem(response.status, text);
    if (attempt >= tries || !mayBeSentAgain(problem, options.repeatable)) throw new ProblemError(problem);
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

function mayBeSentAgain({ status, code }: Problem, repeatable: 'yes' | 'no'): boolean {
  return status === 429 || (status === 503 && (repeatable === 'yes' || NOTHING_DONE.has(code)));
}

function parse<T>(text: string): T {
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Doubles from try to try. The jitter keeps clients that were refused together from returning together. */
function backoffMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/** `Retry-After` as milliseconds: its seconds, or the time until its date; `undefined` for neither. */
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
