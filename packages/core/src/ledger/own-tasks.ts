/** How tables beside the tasks have the ledger do something: by a task of the system, inserted with what it is about. */
import type { TaskId } from '../id.ts';
import type { TaskSpec } from '../task.ts';

export interface OwnTasks {
  readonly now: number;
  /** The namespace of the object. */
  readonly namespace: string;
  /** Inserts a task of the system in the commit under way. */
  submitOwn(make: (id: TaskId) => TaskSpec): void;
}
