/**
 * A cache of the tasks that a ledger touched last, as they are stored: a task is submitted, begun and reported within moments, and
 * reading it back from its row each time costs as much as writing it. The ledger is the only writer, so what is here is never stale.
 *
 * The cache is two maps. Tasks are put into the young one. When that is full it becomes the old one, and what the old one held is
 * forgotten as a whole: to find the one task that was not touched for longest, at each write, would cost more.
 *
 * ```
 *  set ──► young ──1,000 tasks──► old ──the next 1,000──► forgotten
 * ```
 */
import type { TaskId } from '../id.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import { isEnded } from '../task.ts';
import { loadTask, type StoredTask } from './rows.ts';

/** Tasks in one of the two maps. Tasks with large payloads are not kept, so both are about 20 MB at the very worst. */
const MAP_SIZE = 1_000;

export class RecentTasks {
  readonly #sql: SqlStorage;
  #young = new Map<TaskId, StoredTask>();
  #old = new Map<TaskId, StoredTask>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The task as stored, from memory or from its row; `undefined` where there is none. */
  get(id: TaskId): StoredTask | undefined {
    return this.kept(id) ?? loadTask(this.#sql, id);
  }

  /** The task if it is in memory. */
  kept(id: TaskId): StoredTask | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  /** Keeps a task as it was just written. */
  set(stored: StoredTask): void {
    const { id } = stored.task;
    // A ready task waits for room in its lane. Thousands of them, whose turn comes much later, must not push out those at work.
    if (stored.ready && this.#young.size >= MAP_SIZE / 2) return this.delete(id);
    this.#young.set(id, stored);
    if (this.#young.size < MAP_SIZE) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(id: TaskId): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  /** Forgets the ended tasks with ids below `end`, for retention may have deleted their rows. Open tasks stay. */
  forgetEnded(end: TaskId): void {
    // `delete` takes the task out of both maps: the old one may hold an earlier state of it, from before it ended.
    for (const kept of [this.#young, this.#old]) for (const [id, { task }] of kept) if (id < end && isEnded(task)) this.delete(id);
  }
}
