/** What travels between a ledger and its executors, outcomes aside: hints that there is work, begun attempts, notes about them. */
import type { LogLine } from './attempt.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { Task } from './task.ts';

/** A hint that tasks of one object wait to be begun. It carries no data: whoever gets it asks the object. */
export interface LaneMessage {
  /** Name of the object, as `Objects` in `ledger-object.ts` takes it. */
  readonly object: string;
  readonly lane: string;
  readonly taskIds: readonly TaskId[];
}

/** An attempt for an executor to perform: the task, just begun. */
export interface Assignment {
  readonly task: Task;
  /** Number of the attempt's begin, which its reports must name (`Lease` in `task.ts`). */
  readonly fence: number;
  readonly leaseUntil: number;
  /** What the last heartbeat of an earlier attempt kept. */
  readonly checkpoint?: Json;
}

/** What an executor notes of an attempt while it works. Notes are data of the attempt and make no events. */
export interface AttemptNote {
  readonly taskId: TaskId;
  readonly fence: number;
  readonly logs?: readonly LogLine[];
  readonly checkpoint?: Json;
}
