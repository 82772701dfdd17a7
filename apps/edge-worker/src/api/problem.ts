/** Problems (RFC 9457): how the API refuses. The only place where a rejection of the core gets an HTTP status. */
import type { Answer } from './answer.ts';
import type { Rejection, RejectionCode } from '@errand/core/rejection';

/** Something wrong in a request's body. */
export interface FieldError {
  /** JSON Pointer into the request body, as a URI fragment: `#/input/qty`. */
  readonly pointer: string;
  readonly detail: string;
  readonly keyword?: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers, and by what they call, to answer with a refusal. `code` is stable, the message is for people. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly options: ProblemOptions;

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

const STATUS: Record<RejectionCode, number> = {
  not_found: 404,
  wrong_state: 409,
  revision_mismatch: 412,
  idempotency_conflict: 422,
  already_claimed: 409,
  not_holder: 409,
  not_candidate: 403,
  lease_lost: 409,
  overloaded: 429,
  storage_full: 503,
  not_written: 503,
};

/** Room is freed as tasks outlive their retention, or by an operator: neither happens within a second. */
const FULL_RETRY_AFTER_SECONDS = '60';

const TITLES: Record<number, string> = {
  400: 'Malformed request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Wrong state',
  410: 'Used up',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported content type',
  422: 'Invalid content',
  428: 'Precondition required',
  429: 'Too many requests',
  503: 'Unavailable',
};

/** The problem a rejection of the core becomes. */
export function problemOf({ code, detail, extra }: Rejection): Problem {
  const status = STATUS[code];
  const retryAfter = code === 'storage_full' ? FULL_RETRY_AFTER_SECONDS : '1';
  return new Problem(status, code, detail, {
    ...(extra === undefined ? {} : { extra }),
    ...(status === 429 || status === 503 ? { headers: { 'retry-after': retryAfter } } : {}),
  });
}

/** The answer that refuses. `traceId` lets an operator find the request in the log. */
export function problemAnswer(problem: Problem, traceId: string): Answer {
  const headers = { 'content-type': 'application/problem+json', ...problem.options.headers };
  return { status: problem.status, headers, body: JSON.stringify(problemBody(problem, traceId)) };
}

/** The JSON of a problem: the body of an answer, or part of an item of a batch. */
export function problemBody({ status, code, message, options }: Problem, traceId: string): Record<string, unknown> {
  return {
    ...options.extra,
    type: `https://errand.dev/problems/${code}`,
    title: TITLES[status] ?? 'Problem',
    status,
    detail: message,
    code,
    ...(options.errors === undefined ? {} : { errors: options.errors }),
    traceId,
  };
}

/** The problem for whatever was thrown. Of a fault the caller learns nothing: its cause is logged under `traceId`. */
export function problemOfFault(fault: unknown, traceId: string): Problem {
  if (fault instanceof Problem) return fault;
  console.error(traceId, fault);
  return new Problem(503, 'unavailable', 'The service could not answer. Try again.', { headers: { 'retry-after': '1' } });
}
