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
  /** The process whose tree is the server. */
  readonly pid: number;
  /** The n-th task, `n + 1`. With `wait` the answer is to have its result. */
  submit(n: number, wait: 'wait' | 'go on'): Request;
  /** The task's id, from the answer to its submit. Throws when it was refused. */
  idOf(status: number, body: string): string;
  /** Asks for the n-th task. */
  read(id: string): Request;
  /** Says whether an answer has the right result of the n-th task. */
  isResult(n: number, body: string): boolean;
  /** How many tasks have ever been completed. */
  completed(): Promise<number>;
  /** Rows its database has written so far, as the database counts. `undefined` where it does not tell. */
  rowsWritten(): Promise<number | undefined>;
  stop(): Promise<void>;
}
