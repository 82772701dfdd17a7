/** What the API takes and gives, in TypeScript. The service may add members, and never renames or removes one. */
import type { Problem } from './problem-error.ts';

/** The statuses of a task. The last six are terminal: the task has ended. */
export type TaskStatus =
  | 'scheduled'
  | 'queued'
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'timed_out'
  | 'canceled'
  | 'expired'
  | 'skipped';

const TERMINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped']);

/** Says whether a task with this status has ended. The end is final, except for a redrive. */
export function isTerminal(status: TaskStatus): boolean {
  return TERMINAL.has(status);
}

/** A task as the API shows it. Times are RFC 3339. The API's page explains every member; those that are not here may be added. */
export interface Task<Output = unknown> {
  readonly id: string;
  readonly namespace: string;
  readonly type: string;
  readonly version: number;
  readonly kind: 'automated' | 'manual' | 'integration';
  readonly status: TaskStatus;
  readonly input: unknown;
  readonly output?: Output;
  readonly error?: { readonly code: string; readonly message: string; readonly retryable: boolean; readonly details?: unknown };
  /** 1 (goes first) to 5. */
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Attempts begun in this generation: 0 before the first. */
  readonly attempt: number;
  /** 1, and one more for each redrive. */
  readonly generation: number;
  /** Counts every change; the ETag. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly scheduledFor?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** When it changes by itself: a retry, a timeout. */
  readonly wakeAt?: string;
  readonly route: { readonly executor: string; readonly lane: string; readonly rule: string };
  /** Of manual tasks. */
  readonly manual?: {
    /** `null` when it is not waiting for a person. */
    readonly state: 'ready' | 'reserved' | 'in_progress' | 'suspended' | null;
    readonly holder: { readonly id: string; readonly name?: string } | null;
    readonly heldSince?: string;
    readonly candidates: { readonly users: readonly string[]; readonly groups: readonly string[] };
    readonly dueAt?: string;
  };
}

/** What a caller submits. Times are RFC 3339, durations ISO 8601. What is left out has the default of the type. */
export interface TaskRequest {
  readonly type: string;
  /** The highest when left out. */
  readonly version?: number;
  readonly input: unknown;
  readonly priority?: 1 | 2 | 3 | 4 | 5;
  readonly scheduledFor?: string;
  readonly ttl?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly callbackUrl?: string;
  readonly retry?: Readonly<Record<string, unknown>>;
  readonly timeouts?: Readonly<Record<string, string>>;
}

/** What became of one task of a batch. Answers are in the order of the tasks. */
export type BatchItem =
  | { readonly status: 200 | 201; readonly task: { readonly id: string; readonly status: TaskStatus } }
  | { readonly status: number; readonly problem: Problem };

/** The filters of a list. */
export interface TaskFilter {
  readonly status?: TaskStatus;
  readonly type?: string;
  readonly kind?: string;
  readonly tag?: string;
  readonly holder?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

/** The verbs of a task. The last four are for people, on manual tasks. */
export type Verb =
  | 'cancel'
  | 'pause'
  | 'resume'
  | 'retry-now'
  | 'redrive'
  | 'replay'
  | 'reschedule'
  | 'skip'
  | 'claim'
  | 'release'
  | 'complete'
  | 'fail';
