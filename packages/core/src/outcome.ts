/** The result of an attempt, as any executor gives it. Outcomes are data: a thrown error is a fault of the executor. */
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

export interface Completed {
  readonly kind: 'completed';
  /** Already validated against the type's output schema. */
  readonly output: Json;
}

export interface Failed {
  readonly kind: 'failed';
  readonly error: TaskError;
  /** The executor's own wish for the next delay, capped by the policy's longest interval. */
  readonly nextRetryDelayMs?: number;
}

/** The attempt goes on elsewhere: whoever holds the token, or the hook that names the correlation, finishes it. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly for: 'callback' | 'event';
  /** With `event`: the key by which a hook names this task. */
  readonly correlation?: string;
  /** With `event`: the object at which the task and the event find each other (see `ledger/meeting.ts`). */
  readonly meeting?: string;
}

export type Outcome = Completed | Failed | Waiting;
