/**
 * What a ledger needs of the object that holds it: SQLite, an alarm, a clock, ways to lanes and to other objects. The runtimes implement
 * it in `apps/edge-worker/src/runtimes/`, and one contract suite holds them all to it. Times are epoch milliseconds.
 */
import type { Assignment, LaneMessage } from './assignment.ts';
import type { NumberedPost } from './hook-delivery.ts';
import type { Task } from './task.ts';

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
