/**
 * The outcome of an attempt, the same for every executor. A failure is an outcome, too: an executor that throws has a fault of
 * its own.
 */
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

export interface Completed {
  readonly kind: 'completed';
  /** A ledger takes it as it is: whoever reports it has checked it against the type's output schema. */
  readonly output: Json;
}

export interface Failed {
  readonly kind: 'failed';
  readonly error: TaskError;
  /** The delay that the executor wishes for, such as a third party's `Retry-After`. The retry policy's longest interval caps it. */
  readonly nextRetryDelayMs?: number;
}

/** Somebody outside finishes the task: whoever calls its callback URL, or the event whose hook names its correlation. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly for: 'callback' | 'event';
  /** With `event`: the key by which a hook's event names this task. */
  readonly correlation?: string;
  /** With `event`: name of the object where the task and its event find each other (`ledger/meeting.ts`). */
  readonly meeting?: string;
}

export type Outcome = Completed | Failed | Waiting;
