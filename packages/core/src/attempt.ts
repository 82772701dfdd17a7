/** An attempt: one try at a task by one executor. Folded from events for reading; its logs and checkpoint are kept beside. */
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

/** A line an executor wrote while it worked. */
export interface LogLine {
  /** Epoch ms. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Log lines kept of an attempt; later ones are counted, not kept. */
export const MAX_LOG_LINES = 200;
/** Characters kept of one log line. */
export const MAX_LOG_LINE_LENGTH = 2_000;

export interface Attempt {
  /** From 1 within its generation. */
  readonly number: number;
  readonly generation: number;
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome: 'running' | 'waiting' | 'completed' | 'failed' | 'timed_out' | 'lost' | 'canceled';
  readonly error?: TaskError;
  readonly logs: readonly LogLine[];
  /** The last details a heartbeat brought. */
  readonly checkpoint?: Json;
}
