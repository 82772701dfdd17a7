/** What may be asked of a task. A command is decided by `lifecycle/decide.ts`, which answers with events or a rejection. */
import type { Actor, Person } from './actor.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { Outcome } from './outcome.ts';
import type { TaskOptions, TaskSpec } from './task.ts';

/** Members every command carries. */
interface Asked {
  readonly actor: Actor;
  readonly reason?: string;
  /** The revision the caller saw (`If-Match`); another one is refused with `revision_mismatch`. */
  readonly ifRevision?: number;
}

export type Command =
  | (Asked & { readonly type: 'submit'; readonly spec: TaskSpec; readonly scheduledFor?: number })
  /** Starts an attempt. `leaseMs` is how long it may stay silent. */
  | (Asked & { readonly type: 'begin'; readonly worker: string; readonly leaseMs: number })
  /** A sign of life of the attempt that `fence` names. Without `leaseMs` it may be silent as long as the task allows. */
  | (Asked & { readonly type: 'heartbeat'; readonly fence: number; readonly leaseMs?: number })
  /** The result of the attempt (or of the wait it began) that `fence` names. `delayFraction`, 0 to 1, is the jitter's draw. */
  | (Asked & { readonly type: 'report'; readonly fence: number; readonly outcome: Outcome; readonly delayFraction: number })
  /**
   * Time has passed: whatever is due by `now` happens. `leaseUntil` is how long the attempt may stay silent, renewals
   * counted; `sharedLoss` says that a whole batch was lost together.
   */
  | (Asked & { readonly type: 'tick'; readonly delayFraction: number; readonly leaseUntil?: number; readonly sharedLoss?: boolean })
  | (Asked & { readonly type: 'cancel' })
  | (Asked & { readonly type: 'pause' })
  | (Asked & { readonly type: 'resume' })
  | (Asked & { readonly type: 'retry-now' })
  | (Asked & { readonly type: 'redrive' })
  | (Asked & { readonly type: 'skip' })
  | (Asked & { readonly type: 'reschedule'; readonly scheduledFor: number })
  /** Sets options of an open task; those left out stay. */
  | (Asked & { readonly type: 'update'; readonly options: TaskOptions })
  | (Asked & { readonly type: 'claim'; readonly person: Person })
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
  /** Submit: reserves the key for this task, or answers with the task that has it. */
  readonly idempotency?: { readonly key: string; readonly digest: string };
  /** Submit: the id was reserved under a key in another object, so a task that is there already is this one, replayed. */
  readonly reserved?: boolean;
}
