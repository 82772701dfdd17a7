/**
 * Commands: what may be asked of a task, by callers, executors and the clock. `lifecycle/decide.ts` answers each one with
 * events or a rejection. A command brings along whatever its decision needs and the core may not find out for itself,
 * such as random draws.
 */
import type { Actor, Person } from './actor.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { Outcome } from './outcome.ts';
import type { TaskOptions, TaskSpec } from './task.ts';

/** What every command says of whoever asks. */
interface Asked {
  readonly actor: Actor;
  /** Why, in the caller's own words; kept in the events. */
  readonly reason?: string;
  /** The revision of the task that the caller saw. If the task has another one by now, the command is refused with `revision_mismatch`. */
  readonly ifRevision?: number;
}

export type Command =
  /** Creates the task. `scheduledFor`, epoch ms, postpones its start. */
  | (Asked & { readonly type: 'submit'; readonly spec: TaskSpec; readonly scheduledFor?: number })
  /** Starts an attempt for `worker`, who must give a sign of life at least every `leaseMs`. */
  | (Asked & { readonly type: 'begin'; readonly worker: string; readonly leaseMs: number })
  /** A sign of life of the attempt with this `fence`. The lease then lasts `leaseMs`, or as long as the task's type says. */
  | (Asked & { readonly type: 'heartbeat'; readonly fence: number; readonly leaseMs?: number })
  /**
   * The outcome of the attempt with this `fence`, or of the wait that it began. `delayFraction`, in [0, 1), is the random draw
   * that a retry's jitter uses.
   */
  | (Asked & { readonly type: 'report'; readonly fence: number; readonly outcome: Outcome; readonly delayFraction: number })
  /**
   * Time has passed: the earliest deadline that is due happens. `leaseUntil`, epoch ms, is the end of the lease as last renewed:
   * renewals are kept in memory and not on the task. `sharedLoss` says that every attempt of a batch was lost with this one.
   */
  | (Asked & { readonly type: 'tick'; readonly delayFraction: number; readonly leaseUntil?: number; readonly sharedLoss?: boolean })
  /** Ends the task `canceled`: at once, or when the executor that performs it has stopped. */
  | (Asked & { readonly type: 'cancel' })
  | (Asked & { readonly type: 'pause' })
  | (Asked & { readonly type: 'resume' })
  /** Ends a backoff or a schedule: the task is due now. */
  | (Asked & { readonly type: 'retry-now' })
  /** Tries an ended task again, as a new generation with all its attempts. */
  | (Asked & { readonly type: 'redrive' })
  /** Ends the task without a result, for a workflow that can do without. */
  | (Asked & { readonly type: 'skip' })
  /** Moves the start of a task that nobody has begun. `scheduledFor` is epoch ms. */
  | (Asked & { readonly type: 'reschedule'; readonly scheduledFor: number })
  /** Sets options of an open task; those left out stay. */
  | (Asked & { readonly type: 'update'; readonly options: TaskOptions })
  /** The four below are a person's, on a manual task. */
  | (Asked & { readonly type: 'claim'; readonly person: Person })
  /** Gives the task back. `asAdmin` takes it from whoever holds it. */
  | (Asked & { readonly type: 'release'; readonly person: Person; readonly asAdmin?: boolean })
  | (Asked & { readonly type: 'complete'; readonly person: Person; readonly output: Json })
  | (Asked & {
      readonly type: 'fail';
      readonly person: Person;
      readonly code: string;
      readonly message: string;
      readonly details?: Json;
    });

/** A command and the task it is for. */
export interface TaskCommand {
  readonly taskId: TaskId;
  readonly command: Command;
  /**
   * Of a submit: reserves the key for this task, or answers with the task that already has it. `digest` is that of the request's
   * body: the same key with another body is refused.
   */
  readonly idempotency?: { readonly key: string; readonly digest: string };
  /** Of a submit: another object has reserved the id under a key. If the task is here already, this is a repetition and no conflict. */
  readonly reserved?: boolean;
}
