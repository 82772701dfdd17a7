/**
 * The tasks that one commit has looked at, as they were before it and as its decisions have left them so far. Each is read once,
 * however many commands are about it, and written once, at the end of the commit.
 */
import type { TaskCommand } from '../command.ts';
import type { TaskEvent } from '../event.ts';
import type { TaskId } from '../id.ts';
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';
import type { RecentTasks } from './recent-tasks.ts';
import { loadTasks, readRow, type StoredTask } from './rows.ts';

/** One task of a commit. */
export interface Entry {
  /** As it is now; `undefined` for an id that no task has. */
  stored: StoredTask | undefined;
  /** As it was before the commit: the very object of `stored` where nothing has changed. */
  readonly before: StoredTask | undefined;
  /** What happened to it in this commit. */
  events: TaskEvent[];
  /** Its payloads are in rows of their own. */
  large: boolean;
}

export class WorkingSet {
  readonly #sql: SqlStorage;
  readonly #recent: RecentTasks;
  readonly #entries = new Map<TaskId, Entry>();

  constructor(sql: SqlStorage, recent: RecentTasks) {
    this.#sql = sql;
    this.#recent = recent;
  }

  /** The tasks by id, in the order in which the commit first looked at them. */
  get entries(): ReadonlyMap<TaskId, Entry> {
    return this.#entries;
  }

  /** A task, read now if this commit has not looked at it yet. */
  get(id: TaskId): Entry {
    return this.#entries.get(id) ?? this.#add(id, this.#recent.get(id));
  }

  /** Takes in the task of a row that has been read, and gives its id. */
  addRow(row: Record<string, SqlValue>): TaskId {
    const id = String(row['id']) as TaskId;
    if (!this.#entries.has(id)) this.#add(id, this.#recent.kept(id) ?? readRow(this.#sql, row));
    return id;
  }

  /** Looks for the tasks of several submits together: mostly none of them is there, and to ask for each would take a statement. */
  lookFor(callers: readonly { readonly commands: readonly TaskCommand[] }[]): void {
    const ids: TaskId[] = [];
    for (const { commands } of callers)
      for (const { taskId, command } of commands)
        if (command.type === 'submit' && this.#recent.kept(taskId) === undefined) ids.push(taskId);
    if (ids.length < 2) return;
    const found = loadTasks(this.#sql, ids);
    for (const id of ids) this.#add(id, found.get(id));
  }

  /** Has the ledger's memory hold the tasks as they were written. Only for a transaction that stands. */
  remember(): void {
    for (const [id, { stored, before, large }] of this.#entries) {
      if (stored === undefined || stored === before) continue;
      if (large) this.#recent.delete(id);
      else this.#recent.set(stored);
    }
  }

  #add(id: TaskId, stored: StoredTask | undefined): Entry {
    const entry: Entry = { stored, before: stored, events: [], large: false };
    this.#entries.set(id, entry);
    return entry;
  }
}
