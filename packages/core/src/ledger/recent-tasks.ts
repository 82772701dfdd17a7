/**
 * The tasks a ledger touched last, as they are stored: a task is submitted, begun and reported within moments, and reading it
 * back from its row each time costs as much as writing it. The ledger is the only writer, so what is here is never stale.
 */
import type { TaskId } from '../id.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import { isEnded } from '../task.ts';
import { loadTask, type StoredTask } from './rows.ts';

/** Tasks of a generation; two are kept. Those with large payloads are not, so this is about 20 MB at the very worst. */
const GENERATION = 1_000;

export class RecentTasks {
  readonly #sql: SqlStorage;
  /** What was touched last; and before it, as far as it was not touched since: forgotten as a whole, for to find the oldest each time costs more. */
  #young = new Map<TaskId, StoredTask>();
  #old = new Map<TaskId, StoredTask>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The task as stored, or `undefined`. */
  get(id: TaskId): StoredTask | undefined {
    return this.kept(id) ?? loadTask(this.#sql, id);
  }

  /** The task where it is in memory. */
  kept(id: TaskId): StoredTask | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  set(stored: StoredTask): void {
    const { id } = stored.task;
    // A long line of waiting tasks must not push out those at work: its own turn comes much later.
    if (stored.ready && this.#young.size >= GENERATION / 2) return this.delete(id);
    this.#young.set(id, stored);
    if (this.#young.size < GENERATION) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(id: TaskId): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  /** Forgets what has ended of the ids below `end`: rows of such tasks were deleted. What is at work stays. */
  forgetEnded(end: TaskId): void {
    // From both: behind a task that has ended may be the same one while it was at work.
    for (const kept of [this.#young, this.#old]) for (const [id, { task }] of kept) if (id < end && isEnded(task)) this.delete(id);
  }
}
