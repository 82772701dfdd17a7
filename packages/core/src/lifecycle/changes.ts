/** What deciding a command comes to: changes, or why not. */
import type { Change } from '../event.ts';
import { reject, type Rejection } from '../rejection.ts';
import type { Task } from '../task.ts';

/** Changes, or why not. An empty list means that nothing needs to change. */
export type Changes = readonly Change[] | Rejection;

/** The rejection of a verb that does not fit the status. */
export function wrongState(task: Task, verb: string): Rejection {
  return reject('wrong_state', `A task that is ${task.status} cannot take "${verb}".`, { status: task.status });
}

/** Tells a rejection from changes. */
export function isRejection(changes: Changes): changes is Rejection {
  return !Array.isArray(changes);
}
