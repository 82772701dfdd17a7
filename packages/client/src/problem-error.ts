/** An `application/problem+json` answer, as far as a client relies on it. */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string; readonly keyword?: string }[];
  readonly traceId?: string;
}

/** The service refused a request: `problem` says why, with pointers into the request's body. */
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

/** Reads an answer as a problem; an answer that is none (a proxy's page, say) becomes one with its status alone. */
export function toProblem(status: number, text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return { ...(body as Partial<Problem>), status };
  } catch {
    // Not JSON: the text below is all there is to say.
  }
  return { status, detail: text.slice(0, 200) };
}
