/**
 * Events: what happened to a task. They are stored for ever and numbered from 1 without a gap; folding them in order gives the
 * task (`lifecycle/evolve.ts`). Times in them are epoch milliseconds.
 */
import type { Actor, Person } from './actor.ts';
import type { Json } from './json.ts';
import type { TaskError, TaskOptions } from './task.ts';

/** The part of an event that says what happened. Its `type` is what subscribers and clients see. */
export type Change =
  | { readonly type: 'task.submitted'; readonly scheduledFor?: number }
  /** Its schedule or its backoff is over. */
  | { readonly type: 'task.due' }
  /** An attempt began, under a lease that ends at `until` unless it is renewed. */
  | { readonly type: 'task.started'; readonly worker: string; readonly fence: number; readonly until: number }
  /** The attempt handed the task to somebody outside. The members are those of `Wait` in `task.ts`. */
  | {
      readonly type: 'task.waiting';
      readonly for: 'callback' | 'event';
      readonly correlation?: string;
      readonly meeting?: string;
      readonly until?: number;
    }
  | { readonly type: 'task.retrying'; readonly error: TaskError; readonly retryAt: number; readonly cause: AttemptEnd }
  /** The attempt was lost together with its whole batch: the task is queued again, and the attempt is not counted. */
  | { readonly type: 'task.requeued'; readonly error: TaskError }
  | { readonly type: 'task.cancel_requested' }
  | { readonly type: 'task.pause_requested' }
  /** With `error`, `cause` and `retryAt` where an attempt failed first: a resume then goes back to its backoff. */
  | { readonly type: 'task.paused'; readonly error?: TaskError; readonly cause?: AttemptEnd; readonly retryAt?: number }
  | { readonly type: 'task.resumed' }
  | { readonly type: 'task.rescheduled'; readonly scheduledFor: number }
  | { readonly type: 'task.updated'; readonly options: TaskOptions }
  | { readonly type: 'task.retried_now' }
  | { readonly type: 'task.redriven' }
  | { readonly type: 'task.claimed'; readonly person: Person }
  | { readonly type: 'task.released' }
  /** A result came from an attempt that no longer held the task. It changes nothing and is kept as evidence. */
  | { readonly type: 'task.result_refused'; readonly fence: number; readonly outcome: Json }
  | { readonly type: 'task.completed'; readonly output: Json }
  | { readonly type: 'task.failed'; readonly error: TaskError; readonly cause: AttemptEnd }
  | { readonly type: 'task.timed_out'; readonly error: TaskError }
  | { readonly type: 'task.expired' }
  /** `forced` when the executor had not stopped in time. */
  | { readonly type: 'task.canceled'; readonly forced: boolean }
  | { readonly type: 'task.skipped' };

/** How an attempt without a result ended: it reported a failure, ran out of time, or fell silent. */
export type AttemptEnd = 'failed' | 'timed_out' | 'lost';

/** A change with its place in the task's history, and who brought it about. */
export interface TaskEvent {
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: Actor;
  readonly reason?: string;
  readonly change: Change;
}
