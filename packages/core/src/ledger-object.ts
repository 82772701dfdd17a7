/**
 * A ledger as endpoints and executors see it: what may be asked of it, and what it answers. They reach it by its name through
 * {@link Objects}, mostly by RPC. Times are epoch milliseconds.
 */
import type { Assignment, AttemptNote } from './assignment.ts';
import type { Attempt } from './attempt.ts';
import type { TaskCommand } from './command.ts';
import type { TaskEvent } from './event.ts';
import type { EventsObject } from './hook-delivery.ts';
import type { TaskId } from './id.ts';
import type { InboxPage, InboxQuery } from './inbox-query.ts';
import type { Rejection } from './rejection.ts';
import type { Status, Task } from './task.ts';
import type { Kind } from './task-type.ts';

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
  /** What each of these idempotency keys has made; `null` for a key that made nothing, or so long ago that it is forgotten. */
  tasksOfKeys(keys: readonly string[]): Promise<(KeyedTask | null)[]>;
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

/** What became of a command: the task as it is now, or why the command was refused. */
export type CommandResult =
  /** `replayed`: the submit was a repetition, and the task was there. `leaseUntil` is the answer to a heartbeat. */
  | { readonly ok: true; readonly task: Task; readonly replayed?: boolean; readonly leaseUntil?: number }
  | { readonly ok: false; readonly rejection: Rejection; readonly task?: Task };

/** What became of a submit, without the task's data. */
export type SubmitResult =
  | { readonly ok: true; readonly id: TaskId; readonly status: Status; readonly replayed?: boolean }
  | { readonly ok: false; readonly rejection: Rejection };

/** What an idempotency key has made. */
export interface KeyedTask {
  readonly taskId: TaskId;
  /** Digest of the body that it came with, as in {@link TaskCommand}. */
  readonly digest: string;
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
