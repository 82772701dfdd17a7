/**
 * What the core asks of a runtime, and what it offers to the endpoints and executors. Implementations live in
 * `apps/edge-worker/src/runtimes/`; every one is held to the same contract suite.
 */
import type { Person } from './actor.ts';
import type { Attempt, LogLine } from './attempt.ts';
import type { TaskCommand } from './command.ts';
import type { TaskEvent } from './event.ts';
import type { EventsObject, NumberedPost } from './hook-delivery.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { Rejection } from './rejection.ts';
import type { Status, Task } from './task.ts';
import type { Kind } from './task-type.ts';

/** A value SQLite binds on every runtime alike. Booleans, bigints and `undefined` differ between them, so none passes. */
export type SqlValue = string | number | null;

/** The synchronous SQLite of one object (a Durable Object's `storage.sql`, or the local shim). */
export interface SqlStorage {
  exec(query: string, ...bindings: SqlValue[]): { toArray(): Record<string, SqlValue>[]; readonly rowsWritten: number };
}

/** What a ledger needs of the object that holds it. */
export interface LedgerPlatform {
  readonly sql: SqlStorage;
  /** Runs `work` in one transaction; a throw rolls it back. Nesting makes a savepoint. */
  transaction<T>(work: () => T): T;
  /** Resolves when everything written so far is durable. */
  durable(): Promise<void>;
  /**
   * Resolves when the calls of this instant have all arrived, so that they share a commit. Left out where calls that arrive
   * during a commit wait for it anyway: there the first one need not wait for others.
   */
  gather?(): Promise<void>;
  /** Commands that the next commit may hold: few while others need the thread. Left out where a ledger shares it with nobody. */
  groupSize?(): number;
  /** Arms the object's only alarm; epoch ms. */
  setAlarm(at: number): void;
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  randomBytes(count: number): Uint8Array;
  /** Sends messages to a lane. May lose, double, delay or reorder them: the ledger resends. */
  send(lane: string, messages: readonly LaneMessage[]): Promise<void>;
  /**
   * Says for certain that a worker of the service itself no longer works, because the process that it was part of has ended: its attempts are lost at
   * once. Left out where nobody can know; there a lease must run out.
   */
  isGone?(worker: string): boolean;
  /** An executor in this very process. Left out where executors live elsewhere: there a message must reach them first. */
  readonly near?: NearExecutor;
  /** Hands posts to the object `destination`, in order. A throw means that they may or may not have arrived. */
  post(destination: string, sender: string, posts: readonly NumberedPost[]): Promise<void>;
  /** Tables beside the ledger's own: an inbox has them. */
  readonly beside?: TablesBeside;
}

/**
 * An executor so near that no message need reach it: its tasks begin in the commit that dispatches them, and it has them once
 * that is durable. Where it has no room a message goes to the lane as ever.
 */
export interface NearExecutor {
  /** Its name in leases. */
  readonly worker: string;
  readonly leaseMs: number;
  /** How many tasks of a lane it can begin now, when `inFlight` of this object are in the lane's hands already. */
  room(lane: string, inFlight: number): number;
  /** Takes begun tasks. What becomes of them it reports like any executor. */
  take(lane: string, assignments: readonly Assignment[]): void;
}

/** Tables that are written in the ledger's own transactions, so that they never disagree with it. */
export interface TablesBeside {
  /** Takes note of the tasks one commit changed, as they are now. */
  write(changed: readonly Task[]): void;
}

/** A hint that tasks of one object may be begun. */
export interface LaneMessage {
  /** Name of the object, as {@link Objects} takes it. */
  readonly object: string;
  readonly lane: string;
  readonly taskIds: readonly TaskId[];
}

/** A task begun, in an executor's hands. */
export interface Assignment {
  readonly task: Task;
  readonly fence: number;
  readonly leaseUntil: number;
  readonly checkpoint?: Json;
}

export type CommandResult =
  /** `leaseUntil`, epoch ms, answers a heartbeat. */
  | { readonly ok: true; readonly task: Task; readonly replayed?: boolean; readonly leaseUntil?: number }
  | { readonly ok: false; readonly rejection: Rejection; readonly task?: Task };

/** What became of a submit, in brief. */
export type SubmitResult =
  | { readonly ok: true; readonly id: TaskId; readonly status: Status; readonly replayed?: boolean }
  | { readonly ok: false; readonly rejection: Rejection };

/** Filters of lists and counts; all must hold. */
export interface TaskFilter {
  readonly status?: readonly Status[];
  readonly type?: string;
  readonly version?: number;
  readonly kind?: Kind;
  readonly tag?: string;
  readonly holder?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  /** System tasks too. Without it they are hidden. */
  readonly system?: boolean;
}

/** Where a task stands in its ledger, as far as the task itself does not say. Times are epoch ms. */
export interface Standing {
  /** Tasks of the same lane and ledger that go first: those in the executor's hands and those before it in line. */
  readonly ahead: number;
  /** Handed to its lane, and not yet begun. */
  readonly dispatched: boolean;
  /** When the ledger hands it to the lane again if nobody begins it. */
  readonly resendAt: number | null;
  /** When a remote worker last asked for tasks of this lane. */
  readonly polledAt: number | null;
  /** Since when the ledger remembers polls: it forgets them when it restarts. */
  readonly watchingSince: number;
  /** How long the running attempt may stay silent, renewals counted. */
  readonly leaseUntil: number | null;
}

export interface AttemptNote {
  readonly taskId: TaskId;
  readonly fence: number;
  readonly logs?: readonly LogLine[];
  readonly checkpoint?: Json;
}

/** What a ledger tells of itself. Rows, so that they are small on their way. */
export interface LedgerGauges {
  /** Tasks by type, kind and status. */
  readonly tally: readonly (readonly [type: string, kind: string, status: Status, count: number])[];
  /** Tasks that ended, ever. */
  readonly ended: readonly (readonly [status: Status, count: number])[];
  /** Queued tasks by lane, and when the oldest became due, epoch ms. */
  readonly lanes: readonly (readonly [lane: string, waiting: number, oldestAt: number])[];
  /** Rows written since the object was opened, as its database counts. */
  readonly rowsWritten: number;
}

/** Asks that `key` belong to the task `taskId`, which another object will keep. */
export interface Reservation {
  readonly key: string;
  readonly taskId: TaskId;
  /** Of the body, as {@link TaskCommand}'s. */
  readonly digest: string;
}

/** The task a key belongs to: the one asked for, or the one that came first. */
export type Reserved = { readonly ok: true; readonly taskId: TaskId } | { readonly ok: false; readonly rejection: Rejection };

/** Which part of an inbox: what the person holds, what they are offered, or both; an administrator's `all` is everything. */
export type InboxView = 'mine' | 'groups' | 'all';

/** What is asked of an inbox's list. */
export interface InboxQuery {
  readonly view: InboxView;
  /** Whose inbox it is. Without one, `mine` and `groups` are empty. */
  readonly person?: Person;
  /** Sees every task in `all`. */
  readonly admin: boolean;
  /** `due`: the earliest due date first, tasks without one last, oldest first. `newest`: by creation. */
  readonly sort: 'due' | 'newest';
  readonly type?: string;
  /** Of the type; every one where it is left out. */
  readonly version?: number;
  /** Only what nobody holds. */
  readonly unclaimed?: boolean;
  /** Only what is past its due date. */
  readonly overdue?: boolean;
  /** Text that the type, a tag or the input holds, in any case. Inputs of more than 4 KiB are not searched. */
  readonly text?: string;
  /** Position after which the page begins, as `next` of the page before gave it. */
  readonly after: string | null;
  readonly limit: number;
}

/** How much is in a view, whatever the filters: at most {@link MAX_COUNTED} is counted. */
export interface InboxCount {
  readonly open: number;
  readonly unclaimed: number;
  readonly overdue: number;
}

/** Tasks counted in a view of an inbox; more are not told apart. */
export const MAX_COUNTED = 10_000;

export interface InboxPage {
  readonly items: readonly Task[];
  readonly next: string | null;
  readonly counts: Readonly<Record<InboxView, InboxCount>>;
}

/** An object as callers see it. Every method may be called over RPC, so arguments and answers are plain data. */
export interface LedgerObject extends EventsObject {
  /** Decides commands in order, in one transaction with whatever else arrived in the same instant. Answers follow durability. */
  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]>;
  /** As {@link LedgerObject.execute} for submits whose caller needs no more than what became of them: a batch is long. */
  submit(commands: readonly TaskCommand[]): Promise<SubmitResult[]>;
  /** Reserves idempotency keys for tasks that another object keeps. Answers follow durability. */
  reserve(reservations: readonly Reservation[]): Promise<Reserved[]>;
  read(ids: readonly TaskId[]): Promise<(Task | null)[]>;
  /** Newest first, ids below `before`. `scannedTo` is set when the bounded scan stopped early: continue there. */
  list(filter: TaskFilter, before: string | null, limit: number): Promise<{ items: Task[]; scannedTo: string | null }>;
  count(filter: TaskFilter): Promise<Partial<Record<Status, number>>>;
  events(id: TaskId, afterSequence: number): Promise<TaskEvent[] | null>;
  attempts(id: TaskId): Promise<Attempt[] | null>;
  /** A task and where it stands, for explaining what it waits for. */
  standing(id: TaskId): Promise<{ readonly task: Task; readonly standing: Standing } | null>;
  /** The task once its revision exceeds `revision`, or as it is after `waitMs` (at most 25,000). */
  waitFor(id: TaskId, revision: number, waitMs: number): Promise<Task | null>;
  /** Begins up to `limit` queued tasks of the given lanes, first by priority. */
  poll(lanes: readonly string[], limit: number, worker: string): Promise<Assignment[]>;
  /** Resolves when a task of these lanes may be ready, at once if one is, or after `waitMs`. */
  waitForWork(lanes: readonly string[], waitMs: number): Promise<void>;
  /** Keeps log lines and checkpoints of attempts; those of an old fence are dropped. */
  note(notes: readonly AttemptNote[]): Promise<void>;
  /** Ended tasks a minute, for the chart of throughput: rows of `[minute, status, count]`, minute in epoch ms. */
  throughput(sinceMs: number): Promise<[number, Status, number][]>;
  /** What metrics are made of. */
  gauges(): Promise<LedgerGauges>;
  /** Wakes the object, so that it heals its alarm and resends what was lost. */
  touch(): Promise<void>;
}

/** An inbox as callers see it: a ledger, and the lists of people's work. */
export interface InboxObject extends LedgerObject {
  inbox(query: InboxQuery): Promise<InboxPage>;
}

/** Objects by name. The name is `<namespace>/<place>/<ledger|inbox>/<shard>`. */
export interface Objects {
  get(name: string): LedgerObject;
  inbox(name: string): InboxObject;
}
