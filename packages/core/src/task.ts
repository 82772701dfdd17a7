/**
 * A task and its life. `TaskSpec` is what submit decided; the rest is folded from events by
 * `lifecycle/evolve.ts`, so that a task's events and its stored row always agree.
 * All times are epoch milliseconds.
 */
import type { Person } from './actor.ts';
import type { TaskId } from './id.ts';
import type { Json, JsonObject } from './json.ts';
import type { Candidates, Kind, RetryPolicy, Timeouts } from './task-type.ts';

/** The statuses, stored for ever. */
export const OPEN_STATUSES = ['scheduled', 'queued', 'running', 'waiting', 'retrying', 'paused'] as const;
export const TERMINAL_STATUSES = ['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped'] as const;
export type OpenStatus = (typeof OPEN_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export type Status = OpenStatus | TerminalStatus;

/** Where a task goes, decided once at submit and stored on it. */
export interface Route {
  /** `automated`, `worker` (a remote one), `integration` or `manual`. */
  readonly executor: ExecutorName;
  /** The stream of assignments it waits in. */
  readonly lane: string;
  /** The rule that chose it, or `default`. */
  readonly rule: string;
  /** Why, for people. */
  readonly reason: string;
}
export type ExecutorName = 'automated' | 'worker' | 'integration' | 'manual';

/** Why a task or an attempt failed. Codes: `docs/data_model.md`. */
export interface TaskError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details?: Json;
}

/** The options of a task that may change while it is open. */
export type TaskOptions = Partial<Pick<TaskSpec, 'retry' | 'timeouts' | 'priority' | 'tags' | 'metadata'>>;

/** What submit decided. Nothing changes it but `task.updated`, and that only its options. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly namespace: string;
  readonly type: string;
  readonly version: number;
  readonly kind: Kind;
  readonly input: Json;
  /** 1 to 5, 1 first. */
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  /** Time to live before the first start. */
  readonly ttlMs?: number;
  readonly retentionMs: number;
  readonly route: Route;
  readonly callbackUrl?: string;
  readonly idempotencyKey?: string;
  /** Manual tasks: who may take it, and when it is due. */
  readonly candidates?: Candidates;
  readonly dueAt?: number;
  /** A task of the service itself: a callback's delivery. Hidden from lists by default, publishes nothing. */
  readonly system: boolean;
  /** The task this one repeats with a new id. */
  readonly replayOf?: TaskId;
  readonly createdAt: number;
}

/** What a manual task is doing while its status is `waiting`. */
export interface Manual {
  readonly state: 'ready' | 'reserved' | 'in_progress' | 'suspended';
  readonly holder?: Person;
  readonly heldSince?: number;
}

/** A begun attempt. Only a begun attempt has a lease. */
export interface Lease {
  /** Fences the attempt: counts every begin of this task, so that only the newest one reports. */
  readonly fence: number;
  readonly startedAt: number;
  /** The executor must give a sign of life before this, or the attempt is lost. */
  readonly until: number;
  /** Who performs it: a worker's id, or `service`. */
  readonly worker: string;
}

/** What a `waiting` task that is not manual waits for. */
export interface Wait {
  readonly for: 'callback' | 'event';
  /** The fence of the attempt that began the wait; the finishing token carries it. */
  readonly fence: number;
  readonly since: number;
  /** With `event`: the key by which a hook names this task. */
  readonly correlation?: string;
  /** With `event`: the object at which the task and the event find each other. */
  readonly meeting?: string;
  /** The attempt fails with `timeout.start_to_close` if nobody finishes it by then. */
  readonly until?: number;
}

/** What every task has, whatever its status. */
export interface TaskBase extends TaskSpec {
  /** Tries begun in this generation, from 0. */
  readonly attempt: number;
  /** Redrives, from 1. */
  readonly generation: number;
  /** Counts every change; the ETag. */
  readonly revision: number;
  /** Events so far; the last one's sequence. */
  readonly sequence: number;
  /** Begins so far, over all generations. */
  readonly fence: number;
  readonly updatedAt: number;
  /** When this generation became due: submit, `scheduledFor` or redrive. Timeouts of the task count from here. */
  readonly scheduledAt: number;
  readonly scheduledFor?: number;
  /** First start in this generation. */
  readonly startedAt?: number;
  /** The last attempt's failure while the task is open, the task's own once it is terminal. */
  readonly error?: TaskError;
  /** Losses of a whole batch that used no attempt: at most one a generation. */
  readonly sharedLosses: number;
}

export interface ScheduledTask extends TaskBase {
  readonly status: 'scheduled';
}
export interface QueuedTask extends TaskBase {
  readonly status: 'queued';
}
export interface RunningTask extends TaskBase {
  readonly status: 'running';
  readonly lease: Lease;
  /** Somebody asked to cancel and the executor has not yet stopped. From here only `canceled` can follow. */
  readonly cancelRequestedAt?: number;
  /** Pause once this attempt has ended. */
  readonly pauseRequested?: boolean;
}
export interface WaitingTask extends TaskBase {
  readonly status: 'waiting';
  readonly manual?: Manual;
  readonly wait?: Wait;
}
export interface RetryingTask extends TaskBase {
  readonly status: 'retrying';
  readonly retryAt: number;
}
export interface PausedTask extends TaskBase {
  readonly status: 'paused';
  readonly pausedAt: number;
  /** Where resuming returns to. */
  readonly resumeTo: 'scheduled' | 'queued' | 'waiting' | 'retrying';
  readonly retryAt?: number;
  readonly manual?: Manual;
  readonly wait?: Wait;
}
export interface EndedTask extends TaskBase {
  readonly status: TerminalStatus;
  readonly endedAt: number;
  readonly output?: Json;
  /** An executor that did not stop in time was overruled. */
  readonly forced?: boolean;
}

export type OpenTask = ScheduledTask | QueuedTask | RunningTask | WaitingTask | RetryingTask | PausedTask;
export type Task = OpenTask | EndedTask;

/** Says whether a task has ended. Ended is final, except for a redrive. */
export function isEnded(task: Task): task is EndedTask {
  return (TERMINAL_STATUSES as readonly string[]).includes(task.status);
}
