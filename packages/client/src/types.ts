/** What travels between a client and the service. Fields may be added by the service, never renamed. */
import type { Problem } from './problem-error.ts';

/** Where a task is in its life. The last six are terminal. */
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

/** Says whether a status is final, except for a redrive. */
export function isTerminal(status: TaskStatus): boolean {
  return TERMINAL.has(status);
}

/** A task as the service reads it out. Times are RFC 3339. */
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
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  readonly generation: number;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
}

/** What a caller submits. Durations are ISO 8601. */
export interface TaskRequest {
  readonly type: string;
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

/** One answer of a batch, in the order of its requests. */
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

/** The verbs on a task, those of its holder included. */
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
