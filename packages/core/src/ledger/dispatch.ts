/**
 * Which tasks are in the hands of their lanes. A ledger hands a lane (a queue) a bounded number of tasks at a time, its *window*, so
 * that what waits behind them is still in the ledger, where priority decides; a queue knows none. A message of a lane may be lost, so a
 * task that nobody begins is handed over again, after a pause that grows.
 *
 * ```
 *  ready ──there is room──► in flight ──begin──► in flight, running ──it ends, waits or retries──► its place is free
 *                              │  ▲
 *                              └──┘ nobody began it: handed over again
 * ```
 *
 * "In flight" and "ready" are columns of a task's row; how many of each a lane has is counted in memory, by lane.
 */
import { wakeAtOf } from '../lifecycle/wake.ts';
import type { TaskId } from '../id.ts';
import type { LaneMessage } from '../assignment.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import type { Task } from '../task.ts';
import { readRow, readyRows, type StoredTask } from './rows.ts';

/** Tasks of one ledger that a lane has in hand at a time. Enough to keep its consumer busy until the next ones arrive. */
export const WINDOW = 1_000;
/** First wait for a begin before a dispatch is sent again; doubled each time, at most {@link RESEND_MAX_MS}. */
export const RESEND_FIRST_MS = 5_000;
export const RESEND_MAX_MS = 300_000;

/** Tasks in one message. A third party's at most six: a worker has six connections. */
const MAX_TASKS = 100;
const MAX_TASKS_INTEGRATION = 6;

/** A task to be handed to its lane; `alone` when it was lost together with others before. */
export interface Outgoing {
  readonly id: TaskId;
  readonly alone: boolean;
}

/** The messages that hand tasks of `object` to a lane. */
export function laneMessages(object: string, lane: string, tasks: readonly Outgoing[]): LaneMessage[] {
  const size = lane === 'integration' ? MAX_TASKS_INTEGRATION : MAX_TASKS;
  const together = tasks.filter(({ alone }) => !alone).map(({ id }) => id);
  const messages = tasks.filter(({ alone }) => alone).map(({ id }) => ({ object, lane, taskIds: [id] }));
  for (let i = 0; i < together.length; i += size) messages.push({ object, lane, taskIds: together.slice(i, i + size) });
  return messages;
}

/** What one commit does to the lanes. It works on copies, which the ledger takes over once the transaction stands. */
export class Dispatch {
  /** Tasks in flight, by lane. */
  readonly inFlight: Map<string, number>;
  /** Lanes in which a ready task may wait. */
  readonly backlog: Set<string>;
  /** Lanes in which one may have waited before this commit. Of other lanes no ready task is in the tables. */
  readonly #waited: ReadonlySet<string>;
  /** Tasks to be sent to their lanes, by lane. */
  readonly outgoing = new Map<string, Outgoing[]>();
  /** Lanes of remote workers in which a task became ready. */
  readonly readyForWorkers = new Set<string>();
  /** Lanes in which something changed: only these are filled. */
  readonly #touched = new Set<string>();
  readonly #window: number;

  /** `window` is how many tasks a lane may have in hand, if less than {@link WINDOW}. */
  constructor(inFlight: ReadonlyMap<string, number>, backlog: ReadonlySet<string>, window = WINDOW) {
    this.#window = Math.min(window, WINDOW);
    this.inFlight = new Map(inFlight);
    this.backlog = new Set(backlog);
    this.#waited = backlog;
  }

  /** A task that has just changed, with its place in dispatch: whether it is ready, in flight, and when it wakes. */
  place(before: StoredTask | undefined, task: Task): StoredTask {
    const { lane, executor } = task.route;
    if (before?.inFlight === true && task.status !== 'running') this.#leave(lane);
    const wakeAt = wakeAtOf(task, promisedUntil(before, task));
    if (task.status === 'queued') {
      if (executor === 'worker') this.readyForWorkers.add(lane);
      else {
        this.backlog.add(lane);
        this.#touched.add(lane);
      }
      return { task, wakeAt, inFlight: false, dispatches: 0, ready: true };
    }
    if (task.status === 'running') {
      const inFlight = before?.inFlight === true;
      // An earlier wake-up stays as it is: the index entry is not written again, and the tick looks once more.
      const kept = before !== undefined && before.wakeAt !== null && wakeAt !== null && before.wakeAt <= wakeAt ? before.wakeAt : wakeAt;
      return { task, wakeAt: kept, inFlight, dispatches: before?.dispatches ?? 0, ready: false };
    }
    return { task, wakeAt, inFlight: false, dispatches: 0, ready: false };
  }

  /** Gives a queued task a place in its lane, for it begins in this very commit and needs no message (`NearExecutor`). */
  near(stored: StoredTask): StoredTask {
    this.#enter(stored);
    return { task: stored.task, wakeAt: null, inFlight: true, dispatches: stored.dispatches, ready: false };
  }

  /** Gives back the place that {@link near} took: the task did not begin. */
  notNear({ task: { route } }: StoredTask): void {
    this.inFlight.set(route.lane, (this.inFlight.get(route.lane) ?? 1) - 1);
  }

  /** Hands a queued task to its lane, for the first time or again. */
  again(stored: StoredTask, now: number): StoredTask {
    const { task } = stored;
    const { lane } = task.route;
    this.#enter(stored);
    const messages = this.outgoing.get(lane) ?? [];
    messages.push({ id: task.id, alone: task.sharedLosses > 0 });
    this.outgoing.set(lane, messages);
    const resendAt = now + Math.min(RESEND_FIRST_MS * 2 ** stored.dispatches, RESEND_MAX_MS);
    return {
      task,
      wakeAt: Math.min(resendAt, wakeAtOf(task) ?? resendAt),
      inFlight: true,
      dispatches: stored.dispatches + 1,
      ready: false,
    };
  }

  /** The lanes to fill: those where something changed, where a ready task may wait, and where there is room; with how much room. */
  openLanes(): [lane: string, free: number][] {
    return [...this.backlog].flatMap((lane): [string, number][] => {
      const free = this.#window - (this.inFlight.get(lane) ?? 0);
      return free > 0 && this.#touched.has(lane) ? [[lane, free]] : [];
    });
  }

  /** Says whether ready tasks of this lane may be in the tables. */
  waited(lane: string): boolean {
    return this.#waited.has(lane);
  }

  /** Nobody waits in this lane any more. */
  drained(lane: string): void {
    this.backlog.delete(lane);
  }

  /** Looks at every lane with a backlog, whether this commit touched it or not. */
  touchAll(): void {
    for (const lane of this.backlog) this.#touched.add(lane);
  }

  #enter({ task, inFlight }: StoredTask): void {
    const { lane } = task.route;
    if (!inFlight) this.inFlight.set(lane, (this.inFlight.get(lane) ?? 0) + 1);
  }

  #leave(lane: string): void {
    this.inFlight.set(lane, Math.max(0, (this.inFlight.get(lane) ?? 0) - 1));
    this.#touched.add(lane);
  }
}

/**
 * Until when a remote worker was told that its attempt holds, if what changes leaves that attempt running. The wake-up alone says
 * so once the object was unloaded: a change beside the attempt must not take the promise back.
 */
function promisedUntil(before: StoredTask | undefined, { status, route, fence }: Task): number | undefined {
  if (status !== 'running' || route.executor !== 'worker' || before?.task.status !== 'running') return undefined;
  const { lease } = before.task;
  return lease.fence === fence ? Math.max(lease.until, before.wakeAt ?? 0) : undefined;
}

/** Lanes in which ready tasks wait to be handed over. Those of remote workers are polled: nothing is handed to them. */
export function readyLanes(sql: SqlStorage): string[] {
  const lanes = sql.exec('SELECT DISTINCT lane FROM tasks WHERE ready = 1').toArray();
  return lanes
    .map(({ lane }) => String(lane))
    .filter((lane) => {
      const [sample] = readyRows(sql, lane, 1);
      return sample === undefined || readRow(sql, sample).task.route.executor !== 'worker';
    });
}

/** How many tasks are in each lane's hands. */
export function inFlightByLane(sql: SqlStorage): Map<string, number> {
  const rows = sql.exec('SELECT lane, COUNT(*) AS n FROM tasks WHERE in_flight = 1 AND wake_at IS NOT NULL GROUP BY lane').toArray();
  return new Map(rows.map(({ lane, n }) => [String(lane), Number(n)]));
}
