/**
 * The ports of the core. First what a ledger needs of the runtime that holds it (`LedgerPlatform`); the runtimes implement it in
 * `apps/edge-worker/src/runtimes/`, and one contract suite holds them all to it. Then what a ledger offers to endpoints and
 * executors (`LedgerObject`, `InboxObject`), which they reach by name through `Objects`.
 * Times are epoch milliseconds.
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

/**
 * A value that SQLite binds alike on every runtime. They differ over booleans, bigints and `undefined`, so none of these is let
 * through.
 */
export type SqlValue = string | number | null;

/** The synchronous SQLite of one object (a Durable Object's `storage.sql`, or the local shim). */
export interface SqlStorage {
  exec(query: string, ...bindings: SqlValue[]): { toArray(): Record<string, SqlValue>[]; readonly rowsWritten: number };
  /** Bytes that the database takes, without the pages that deleted rows left free. */
  readonly databaseSize: number;
}

/** What a ledger needs of the object that holds it. */
export interface LedgerPlatform {
  readonly sql: SqlStorage;
  /** Runs `work` in one transaction; a throw rolls it back. Nesting makes a savepoint. */
  transaction<T>(work: () => T): T;
  /** Resolves when everything written so far is durable. */
  durable(): Promise<void>;
  /**
   * Resolves when all calls of this instant have arrived, so that they share a commit. A runtime leaves it out where a commit takes
   * long enough for calls to collect behind it: there the first call need not wait for others.
   */
  gather?(): Promise<void>;
  /**
   * How much may be done in one go: little while other namespaces need the thread, `undefined` when none does. A runtime leaves it out
   * where every ledger has a thread of its own.
   */
  pace?(): Pace | undefined;
  /** Arms the object's only alarm, in place of the time it was armed for. */
  setAlarm(at: number): void;
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  randomBytes(count: number): Uint8Array;
  /** Sends messages to a lane, which may lose, double, delay or reorder them: the ledger sends again what nobody begins. */
  send(lane: string, messages: readonly LaneMessage[]): Promise<void>;
  /**
   * Says whether a worker has certainly gone, because the process that it belonged to has ended: its attempts are then lost at
   * once. A runtime leaves it out where it cannot know; there a lease must run out first.
   */
  isGone?(worker: string): boolean;
  /** An executor in the same process. A runtime leaves it out where executors live elsewhere and messages must reach them. */
  readonly near?: NearExecutor;
  /** Hands posts to the object named `destination`, in order. A throw means that they may or may not have arrived. */
  post(destination: string, sender: string, posts: readonly NumberedPost[]): Promise<void>;
  /** Tables beside the ledger's own, which an inbox has. */
  readonly beside?: TablesBeside;
}

/** How much a ledger does in one go. */
export interface Pace {
  /** Commands that the next commit may hold. */
  readonly commands: number;
  /** Tasks in a lane's hands at a time. */
  readonly inHand: number;
}

/**
 * An executor that needs no messages, for it is called directly. Its tasks begin in the commit that dispatches them, and it
 * gets them once that commit is durable. Tasks it has no room for go to the lane, as they do without it.
 */
export interface NearExecutor {
  /** The name of its worker, as leases have it. */
  readonly worker: string;
  /** How long its attempts may be silent. */
  readonly leaseMs: number;
  /** How many more tasks of a lane it can begin now; `inFlight` tasks of this object are begun or sent already. */
  room(lane: string, inFlight: number): number;
  /** Performs tasks that have begun. It reports their outcomes as every executor does. */
  take(lane: string, assignments: readonly Assignment[]): void;
}

/** Further tables, written in the ledger's own transactions, so that they never disagree with it. */
export interface TablesBeside {
  /** Writes what follows from the tasks that a commit has changed, given as they are now. Runs inside the commit's transaction. */
  write(changed: readonly Task[]): void;
}

/** A hint that tasks of one object wait to be begun. It carries no data: whoever gets it asks the object. */
export interface LaneMessage {
  /** Name of the object, as {@link Objects} takes it. */
  readonly object: string;
  readonly lane: string;
  readonly taskIds: readonly TaskId[];
}

/** An attempt for an executor to perform: the task, just begun. */
export interface Assignment {
  readonly task: Task;
  /** Number of the attempt's begin, which its reports must name (`Lease` in `task.ts`). */
  readonly fence: number;
  readonly leaseUntil: number;
  /** What the last heartbeat of an earlier attempt kept. */
  readonly checkpoint?: Json;
}

/** What became of a command: the task as it is now, or why the command was refused. */
export type CommandResult =
  /** `replayed`: the submit was a repetition, and the task was there. `leaseUntil` is the answer to a heartbeat. */
  | { readonly ok: true; readonly task: Task; readonly replayed?: boolean; readonly leaseUntil?: number }
  | { readonly ok: false; readonly rejection: Rejection; readonly task?: Task };

/** What became of a submit, without the task's data. */
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
  /** Id of the person who holds it. */
  readonly holder?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  /** `true` shows system tasks, too. */
  readonly system?: boolean;
}

/** Where a task stands in its ledger: what explains a wait and is not on the task itself. */
export interface Standing {
  /** Tasks of its lane in this ledger that go before it, those being performed included. */
  readonly ahead: number;
  /** Whether it has been sent to its lane and nobody has begun it yet. */
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

/** What an executor notes of an attempt while it works. Notes are data of the attempt and make no events. */
export interface AttemptNote {
  readonly taskId: TaskId;
  readonly fence: number;
  readonly logs?: readonly LogLine[];
  readonly checkpoint?: Json;
}

/** The figures of one ledger, from which metrics are made. Tuples, because they travel by RPC. */
export interface LedgerGauges {
  /** Tasks by type, kind and status. */
  readonly tally: readonly (readonly [type: string, kind: string, status: Status, count: number])[];
  /** Tasks that have ended since the ledger began, those deleted since then included. */
  readonly ended: readonly (readonly [status: Status, count: number])[];
  /** Queued tasks by lane, and when the oldest became due. */
  readonly lanes: readonly (readonly [lane: string, waiting: number, oldestAt: number])[];
  /** Rows written since the object was opened, as its database counts. */
  readonly rowsWritten: number;
}

/** Reserves an idempotency key, in the object that is the key's home, for a task that another object will keep. */
export interface Reservation {
  readonly key: string;
  readonly taskId: TaskId;
  /** Digest of the request's body, as in {@link TaskCommand}. */
  readonly digest: string;
}

/** The task that a key belongs to: the one it was reserved for, or the one that had it before. */
export type Reserved = { readonly ok: true; readonly taskId: TaskId } | { readonly ok: false; readonly rejection: Rejection };

/**
 * Which part of an inbox: `mine` is what the person holds, `groups` what they may claim, `all` both, and everything for an
 * administrator.
 */
export type InboxView = 'mine' | 'groups' | 'all';

/** What is asked of an inbox's list. */
export interface InboxQuery {
  readonly view: InboxView;
  /** Whose inbox it is. Without one, `mine` and `groups` are empty. */
  readonly person?: Person;
  /** Whether `all` is everybody's tasks. */
  readonly admin: boolean;
  /** `due`: the earliest due date first, tasks without one last, oldest first. `newest`: by creation. */
  readonly sort: 'due' | 'newest';
  readonly type?: string;
  /** Only what nobody holds. */
  readonly unclaimed?: boolean;
  /** Only what is past its due date. */
  readonly overdue?: boolean;
  /** Only what has this text in its type, a tag or its input; ASCII letters match in either case. Inputs over 4 KiB are not searched. */
  readonly text?: string;
  /** Where the page begins: `next` of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/** How many tasks are in a view, whatever the filters, up to {@link MAX_COUNTED}. */
export interface InboxCount {
  readonly open: number;
  readonly unclaimed: number;
  readonly overdue: number;
}

/** Counting stops here, so that a large inbox is read as fast as a small one. */
export const MAX_COUNTED = 10_000;

export interface InboxPage {
  readonly items: readonly Task[];
  readonly next: string | null;
  readonly counts: Readonly<Record<InboxView, InboxCount>>;
}

/**
 * A ledger as endpoints and executors see it. Every method may be called over RPC, so arguments and answers are plain data. What
 * changes tasks or keys answers once that is durable. `null` stands for a task that is not there.
 */
export interface LedgerObject extends EventsObject {
  /** Decides commands in order, in one transaction with whatever else arrived in the same instant. One answer for each command. */
  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]>;
  /** As {@link LedgerObject.execute}, for the submits of a batch: its answers leave out the tasks' data. */
  submit(commands: readonly TaskCommand[]): Promise<SubmitResult[]>;
  /** Reserves idempotency keys for tasks that other objects will keep. */
  reserve(reservations: readonly Reservation[]): Promise<Reserved[]>;
  /** The tasks in the order of their ids, `null` where there is none. Where they are large, the first of them: at least one. */
  read(ids: readonly TaskId[]): Promise<(Task | null)[]>;
  /**
   * Tasks that a filter lets through, newest first, with ids below `before`. One call scans a bounded number of rows; where it
   * stopped before it had `limit` tasks, `scannedTo` is the id to go on below.
   */
  list(filter: TaskFilter, before: string | null, limit: number): Promise<{ items: Task[]; scannedTo: string | null }>;
  count(filter: TaskFilter): Promise<Partial<Record<Status, number>>>;
  events(id: TaskId, afterSequence: number): Promise<TaskEvent[] | null>;
  attempts(id: TaskId): Promise<Attempt[] | null>;
  /** A task and where it stands, for explaining what it waits for. */
  standing(id: TaskId): Promise<{ readonly task: Task; readonly standing: Standing } | null>;
  /** The task as soon as its revision exceeds `revision`, or as it is after `waitMs` (at most 25,000). */
  waitFor(id: TaskId, revision: number, waitMs: number): Promise<Task | null>;
  /** Begins up to `limit` queued tasks of the given lanes for a remote worker, by priority and then by age. */
  poll(lanes: readonly string[], limit: number, worker: string): Promise<Assignment[]>;
  /** Resolves once a task of these lanes may be ready, or after `waitMs`. Another worker may still take it first. */
  waitForWork(lanes: readonly string[], waitMs: number): Promise<void>;
  /** Keeps log lines and checkpoints of attempts; only of the newest attempt of each task. A crash may lose the last of them. */
  note(notes: readonly AttemptNote[]): Promise<void>;
  /** Tasks that ended in each minute since `sinceMs`: rows of `[minute, status, count]`, both times epoch ms. */
  throughput(sinceMs: number): Promise<[number, Status, number][]>;
  gauges(): Promise<LedgerGauges>;
  /** Wakes the object, so that it arms its alarm again and sends again what was lost. */
  touch(): Promise<void>;
}

/** An inbox as callers see it: a ledger, and the lists of people's work. */
export interface InboxObject extends LedgerObject {
  inbox(query: InboxQuery): Promise<InboxPage>;
}

/** The objects by name, `<namespace>/<place>/<ledger|inbox>/<shard>`. Only inboxes may be asked for as such. */
export interface Objects {
  get(name: string): LedgerObject;
  inbox(name: string): InboxObject;
}
