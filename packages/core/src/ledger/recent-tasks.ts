/**
 * The tasks a ledger touched last, as they are stored: a task is submitted, begun and reported within moments, and reading it
 * back from its row each time costs as much as writing it. The ledger is the only writer, so what is here is never stale.
 */
import type { TaskId } from '../id.ts';
import type { SqlStorage } from '../ports.ts';
import { isEnded } from '../task.ts';
import { loadTask, type StoredTask } from './rows.ts';

/** Tasks kept. Those with large payloads are not, so this is about 20 MB at the very worst. */
const MAX_KEPT = 2_000;

export class RecentTasks {
  readonly #sql: SqlStorage;
  readonly #kept = new Map<TaskId, StoredTask>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The task as stored, or `undefined`. */
  get(id: TaskId): StoredTask | undefined {
    return this.#kept.get(id) ?? loadTask(this.#sql, id);
  }

  /** The task where it is in memory. */
  kept(id: TaskId): StoredTask | undefined {
    return this.#kept.get(id);
  }

  set(stored: StoredTask): void {
    const { id } = stored.task;
    this.#kept.delete(id);
    // A long line of waiting tasks must not push out those at work: its own turn comes much later.
    if (stored.ready && this.#kept.size >= MAX_KEPT) return;
    this.#kept.set(id, stored);
    if (this.#kept.size <= MAX_KEPT) return;
    // A Map remembers the order in which it was filled: its first key is the one untouched for longest.
    const oldest = this.#kept.keys().next();
    if (oldest.done !== true) this.#kept.delete(oldest.value);
  }

  delete(id: TaskId): void {
    this.#kept.delete(id);
  }

  /** Forgets what has ended of the ids below `end`: rows of such tasks were deleted. What is at work stays. */
  forgetEnded(end: TaskId): void {
    for (const [id, { task }] of this.#kept) if (id < end && isEnded(task)) this.#kept.delete(id);
  }
}
