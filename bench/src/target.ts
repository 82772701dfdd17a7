/** What is measured: a service that takes tasks over HTTP. Every target does the same work, `a + b`, durably. */

export interface Target {
  /** As it stands in the tables. */
  readonly name: string;
  /** Starts it on an empty directory and resolves once it takes tasks. */
  start(directory: string): Promise<RunningTarget>;
}

/** A request. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Header lines besides those of every request. */
  readonly headers?: string;
}

export interface RunningTarget {
  readonly url: string;
  /** Whole header lines that every request carries, each ended by CR LF. */
  readonly headers: string;
  /** The processes whose trees are the server. */
  readonly pids: readonly number[];
  /** The n-th task, `n + 1`. With `wait` the answer is to have its result. */
  submit(n: number, wait: 'wait' | 'go on'): Request;
  /** Tasks `from` to `from + count - 1` in one request. Left out where a target has no batches. */
  submitMany?(from: number, count: number): Request;
  /** The task's id, from the answer to its submit. Throws when it was refused. */
  idOf(status: number, body: string): string;
  /** The ids of a batch, in order. Throws when one was refused. */
  idsOf?(status: number, body: string): string[];
  /** Asks for a task. */
  read(id: string): Request;
  /** Says whether an answer has the right result of the n-th task. */
  isResult(n: number, body: string): boolean;
  /** How many tasks have ever been completed. */
  completed(): Promise<number>;
  /** Rows its database has written so far, as the database counts. `undefined` where it does not tell. */
  rowsWritten(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Brings the body to about 250 bytes, as a real task has. */
export const NOTE = 'x'.repeat(180);
