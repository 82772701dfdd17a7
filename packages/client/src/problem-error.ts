/** Refusals of the service, as `application/problem+json` (RFC 9457). */

/** What a refusal says. `code` is stable, for programs; `errors` point into the request's body. */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string; readonly keyword?: string }[];
  readonly traceId?: string;
}

/** Thrown where the service refused a request. `problem` says why. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code ?? problem.title ?? 'problem'}${problem.detail ? `: ${problem.detail}` : ''}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return this.problem.status;
  }
}

/**
 * Reads an answer as a problem. One that is none, such as a proxy's page, becomes a problem of its status and the beginning of its
 * text.
 */
export function toProblem(status: number, text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return { ...(body as Partial<Problem>), status };
  } catch {
    // No JSON: its text is the detail.
  }
  return { status, detail: text.slice(0, 200) };
}
