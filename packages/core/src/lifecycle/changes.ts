/** The result of deciding a command, before `decide.ts` makes numbered events of it. */
import type { Change } from '../event.ts';
import { reject, type Rejection } from '../rejection.ts';
import type { Task } from '../task.ts';

/** What happens, or why the command is refused. An empty list: the command was fine, and there is nothing to change. */
export type Changes = readonly Change[] | Rejection;

/** The rejection of a command that a task with this status cannot take. */
export function wrongState(task: Task, verb: string): Rejection {
  return reject('wrong_state', `A task that is ${task.status} cannot take "${verb}".`, { status: task.status });
}

/** Tells a rejection from changes. */
export function isRejection(changes: Changes): changes is Rejection {
  return !Array.isArray(changes);
}
