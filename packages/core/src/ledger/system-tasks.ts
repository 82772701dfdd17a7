/**
 * How the tables of deliveries and events have work done: by a system task, which they insert in the very commit that makes it
 * necessary. So neither can be there without the other, and the work has retries and a history as every task has.
 */
import type { TaskId } from '../id.ts';
import type { TaskSpec } from '../task.ts';

/** The commit under way, as those tables see it. */
export interface SystemTasks {
  /** When it is, epoch ms. */
  readonly now: number;
  /** The namespace of the object. */
  readonly namespace: string;
  /** Inserts a system task. `make` gets the id that was minted for it. */
  submitSystemTask(make: (id: TaskId) => TaskSpec): void;
}
