/**
 * A task: one piece of work, from its submit to its end. `TaskSpec` holds what the submit decided; everything else is
 * computed from the task's events by `lifecycle/evolve.ts`, so the stored row and the events always agree.
 * A task is a union by `status`: what only a running task has (its lease) exists only where it runs.
 * All times (`…At`, `until`, `since`) are epoch milliseconds.
 */
import type { Person } from './actor.ts';
import type { TaskId } from './id.ts';
import type { Json, JsonObject } from './json.ts';
import type { Candidates, Kind, RetryPolicy, Timeouts } from './task-type.ts';

/** Statuses of a task that has not ended. Statuses are stored for ever: they are never renamed, and none is reused. */
export const OPEN_STATUSES = ['scheduled', 'queued', 'running', 'waiting', 'retrying', 'paused'] as const;
/** Statuses of a task that has ended. Only a redrive leaves them. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped'] as const;
export type OpenStatus = (typeof OPEN_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export type Status = OpenStatus | TerminalStatus;

/** Which executor performs a task, and by which lane it gets there. The router decides it once, at submit. */
export interface Route {
  readonly executor: ExecutorName;
  /** The named stream of assignments in which the task waits for its executor. */
  readonly lane: string;
  /** Name of the routing rule that matched, or `default` when none did. */
  readonly rule: string;
  /** Sentences for people that say why this route was chosen. */
  readonly reason: string;
}
/** What performs attempts: a handler in the service, a remote worker that polls, a call to a third party, or a person. */
export type ExecutorName = 'automated' | 'worker' | 'integration' | 'manual';

/** Why a task or an attempt failed. */
export interface TaskError {
  /** Stable, for programs: the handler's own, or one of the codes listed in `docs/data_model.md`. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** Whether another attempt could succeed. The retry policy decides if there is one. */
  readonly retryable: boolean;
  readonly details?: Json;
}

/** The options of a task that may change while it is open. */
export type TaskOptions = Partial<Pick<TaskSpec, 'retry' | 'timeouts' | 'priority' | 'tags' | 'metadata'>>;

/** What submit decided. Only a `task.updated` event changes it, and only the members named in {@link TaskOptions}. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly namespace: string;
  readonly type: string;
  readonly version: number;
  readonly kind: Kind;
  readonly input: Json;
  /** 1 (goes first) to 5 (goes last). */
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  /** How long the task may wait for its first start; then it ends `expired`. */
  readonly ttlMs?: number;
  /** How long the task is kept after it has ended. */
  readonly retentionMs: number;
  readonly route: Route;
  /** Told of the task's end by a signed webhook. */
  readonly callbackUrl?: string;
  readonly idempotencyKey?: string;
  /** Manual tasks: who may take it. */
  readonly candidates?: Candidates;
  /** Manual tasks: when it should be done. A date for people; passing it changes nothing by itself. */
  readonly dueAt?: number;
  /** A task of the service itself, such as the delivery of a callback. Lists hide it unless asked, and it makes no tasks of its own. */
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

/** An executor's hold on the attempt it has begun. A task that nobody has begun has no lease, so none can be lost. */
export interface Lease {
  /** Number of this begin among all begins of the task. Only the newest may report: an executor that was given up is refused. */
  readonly fence: number;
  readonly startedAt: number;
  /** The executor must give a sign of life before this, or the attempt is lost. */
  readonly until: number;
  /** Name of the worker that performs it: a remote worker's id, or the service's own. */
  readonly worker: string;
}

/** What a `waiting` task that is not manual waits for. */
export interface Wait {
  readonly for: 'callback' | 'event';
  /** The fence of the attempt that began the wait. The token that finishes the task carries it. */
  readonly fence: number;
  readonly since: number;
  /** With `event`: the key by which a hook's event names this task. */
  readonly correlation?: string;
  /** With `event`: name of the object where the task and its event find each other (`ledger/meeting.ts`). */
  readonly meeting?: string;
  /** If nobody has finished it by then, the attempt fails with `timeout.start_to_close`. */
  readonly until?: number;
}

/** What every task has, whatever its status. */
export interface TaskBase extends TaskSpec {
  /** Attempts begun in this generation: 0 before the first one starts. */
  readonly attempt: number;
  /** 1, and one more for each redrive. */
  readonly generation: number;
  /** Counts every change of the task. The API's ETag. */
  readonly revision: number;
  /** Sequence of the newest event, which is the number of events so far. */
  readonly sequence: number;
  /** Attempts begun over all generations; never counted back, unlike `attempt`. */
  readonly fence: number;
  readonly updatedAt: number;
  /** When this generation became due: at submit, at `scheduledFor`, or at the redrive. The task's own timeouts count from here. */
  readonly scheduledAt: number;
  /** The start that the caller asked for. */
  readonly scheduledFor?: number;
  /** When the first attempt of this generation began, or a person first claimed the task. */
  readonly startedAt?: number;
  /** While the task is open, the failure of its last attempt; once it has ended, its own. */
  readonly error?: TaskError;
  /** Times that the attempt was lost together with its whole batch and was not counted: at most once a generation. */
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
  /** Set once somebody has asked to cancel and the executor has not stopped yet. From here only `canceled` can follow. */
  readonly cancelRequestedAt?: number;
  /** The task pauses once this attempt has ended without a result. */
  readonly pauseRequested?: boolean;
}
/** Waits for somebody outside: `manual` for a person, `wait` for a callback or an event. Exactly one of them is there. */
export interface WaitingTask extends TaskBase {
  readonly status: 'waiting';
  readonly manual?: Manual;
  readonly wait?: Wait;
}
export interface RetryingTask extends TaskBase {
  readonly status: 'retrying';
  readonly retryAt: number;
}
/** Stays as it is until somebody resumes it. Only its own timeouts and its `ttl` still end it. */
export interface PausedTask extends TaskBase {
  readonly status: 'paused';
  readonly pausedAt: number;
  /** The status that a resume returns to. The members below are what that status needs. */
  readonly resumeTo: 'scheduled' | 'queued' | 'waiting' | 'retrying';
  readonly retryAt?: number;
  readonly manual?: Manual;
  readonly wait?: Wait;
}
export interface EndedTask extends TaskBase {
  readonly status: TerminalStatus;
  readonly endedAt: number;
  readonly output?: Json;
  /** Canceled without waiting any longer for the executor, which had not stopped in time. */
  readonly forced?: boolean;
}

export type OpenTask = ScheduledTask | QueuedTask | RunningTask | WaitingTask | RetryingTask | PausedTask;
export type Task = OpenTask | EndedTask;

/** Says whether a task has ended. The end is final, except for a redrive. */
export function isEnded(task: Task): task is EndedTask {
  return (TERMINAL_STATUSES as readonly string[]).includes(task.status);
}
