/** What the API answers, as far as this app reads it. Parsed nowhere: the service is the same origin and version. */
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

type TaskKind = 'automated' | 'manual' | 'integration';
export type Person = { readonly id: string; readonly name?: string; readonly groups?: readonly string[] };
export type TaskError = { readonly code: string; readonly message: string; readonly retryable?: boolean; readonly details?: unknown };
export type Route = { readonly executor: string; readonly lane: string; readonly rule: string; readonly reason?: string };

type Manual = {
  readonly state: string | null;
  readonly holder: Person | null;
  readonly heldSince?: string;
  readonly candidates?: { readonly users?: readonly string[]; readonly groups?: readonly string[] };
  readonly dueAt?: string;
};

export type Task = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly kind: TaskKind;
  readonly status: TaskStatus;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: TaskError;
  readonly priority: number;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  readonly generation: number;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly scheduledFor?: string;
  readonly startedAt?: string;
  readonly wakeAt?: string;
  readonly endedAt?: string;
  readonly cancelRequestedAt?: string;
  readonly replayOf?: string;
  readonly route?: Route;
  readonly manual?: Manual;
};

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string | null };
export type InboxView = 'mine' | 'groups' | 'all';
export type InboxCount = { readonly open: number; readonly unclaimed: number; readonly overdue: number };
export type InboxPage = Page<Task> & { readonly counts: Readonly<Record<InboxView, InboxCount>> };
export type Count = { readonly count: number; readonly byStatus: Partial<Record<TaskStatus, number>> };
export type ThroughputPoint = { readonly minute: string; readonly completed: number; readonly failed: number };
export type Stats = { readonly throughput: readonly ThroughputPoint[]; readonly byStatus: Count['byStatus'] };

export type TaskEvent = {
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
};

export type LogLine = { readonly at: string; readonly level: string; readonly message: string };
export type Attempt = {
  readonly number: number;
  readonly generation: number;
  readonly worker?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly outcome?: string | null;
  readonly error?: TaskError;
  readonly logs?: readonly LogLine[];
  readonly checkpoint?: unknown;
};

export type Explain = {
  readonly status: string;
  readonly route: Route;
  readonly waitingFor: readonly { readonly code: string; readonly detail: string; readonly until?: string }[];
};

export type JsonSchema = Readonly<Record<string, unknown>>;
export type TaskType = {
  readonly name: string;
  readonly version: number;
  readonly kind: TaskKind;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly handler?: string;
  readonly inputSchema?: JsonSchema | boolean;
  readonly outputSchema?: JsonSchema | boolean;
  /** Where it is defined. */
  readonly source?: 'code' | 'api';
  readonly createdAt?: string;
};

export type Me = { readonly keyId: string; readonly namespace: string; readonly scopes: readonly string[]; readonly person?: Person };

export type Problem = {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly FieldError[];
  readonly holder?: Person;
  readonly since?: string;
  readonly traceId?: string;
  /** From the answer's `Retry-After`. */
  readonly retryAfterSeconds?: number;
};
export type FieldError = { readonly pointer: string; readonly detail: string };
