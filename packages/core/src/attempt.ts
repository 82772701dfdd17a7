/**
 * An attempt: one try at a task by one executor. Attempts have no table: they are computed from the task's events when
 * somebody reads them. Only their log lines and checkpoints are stored (`ledger/notes.ts`).
 */
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

/** A line an executor wrote while it worked. */
export interface LogLine {
  /** Epoch ms. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Log lines kept of one attempt. Later lines are dropped. */
export const MAX_LOG_LINES = 200;
/** Characters kept of one log line. */
export const MAX_LOG_LINE_LENGTH = 2_000;

export interface Attempt {
  /** From 1 within its generation. */
  readonly number: number;
  readonly generation: number;
  /** Name of the worker that performed it: a remote worker's id, or the service's own. */
  readonly worker: string;
  /** Epoch ms, as `endedAt`. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome: 'running' | 'waiting' | 'completed' | 'failed' | 'timed_out' | 'lost' | 'canceled';
  readonly error?: TaskError;
  readonly logs: readonly LogLine[];
  /** What the last heartbeat with details brought: the next attempt may go on from there. */
  readonly checkpoint?: Json;
}
