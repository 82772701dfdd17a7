/** What happened to a task. Events are numbered from 1 without a gap, and folding them gives the task. */
import type { Actor, Person } from './actor.ts';
import type { Json } from './json.ts';
import type { TaskError, TaskOptions } from './task.ts';

export type Change =
  | { readonly type: 'task.submitted'; readonly scheduledFor?: number }
  | { readonly type: 'task.due' }
  | { readonly type: 'task.started'; readonly worker: string; readonly fence: number; readonly until: number }
  | {
      readonly type: 'task.waiting';
      readonly for: 'callback' | 'event';
      readonly correlation?: string;
      readonly meeting?: string;
      readonly until?: number;
    }
  | { readonly type: 'task.retrying'; readonly error: TaskError; readonly retryAt: number; readonly cause: AttemptEnd }
  /** A loss shared with the whole batch: queued again, no attempt used. */
  | { readonly type: 'task.requeued'; readonly error: TaskError }
  | { readonly type: 'task.cancel_requested' }
  | { readonly type: 'task.pause_requested' }
  | { readonly type: 'task.paused'; readonly error?: TaskError; readonly cause?: AttemptEnd; readonly retryAt?: number }
  | { readonly type: 'task.resumed' }
  | { readonly type: 'task.rescheduled'; readonly scheduledFor: number }
  | { readonly type: 'task.updated'; readonly options: TaskOptions }
  | { readonly type: 'task.retried_now' }
  | { readonly type: 'task.redriven' }
  | { readonly type: 'task.claimed'; readonly person: Person }
  | { readonly type: 'task.released' }
  | { readonly type: 'task.result_refused'; readonly fence: number; readonly outcome: Json }
  | { readonly type: 'task.completed'; readonly output: Json }
  | { readonly type: 'task.failed'; readonly error: TaskError; readonly cause: AttemptEnd }
  | { readonly type: 'task.timed_out'; readonly error: TaskError }
  | { readonly type: 'task.expired' }
  | { readonly type: 'task.canceled'; readonly forced: boolean }
  | { readonly type: 'task.skipped' };

/** How the attempt before this event ended. */
export type AttemptEnd = 'failed' | 'timed_out' | 'lost';

export interface TaskEvent {
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: Actor;
  readonly reason?: string;
  readonly change: Change;
}
