/** Attempts as they begin: the command, and what an executor gets of a begun task. */
import type { Command } from '../command.ts';
import { leaseMsOf } from '../lifecycle/wake.ts';
import type { Assignment } from '../assignment.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import type { RunningTask, Task } from '../task.ts';
import { checkpointOf } from './notes.ts';

/** Begins an attempt of `task`. Without `leaseMs` the lease is the task's own heartbeat timeout, or its `startToClose`. */
export function beginCommand(task: Task, worker: string, leaseMs: number | undefined): Extract<Command, { type: 'begin' }> {
  const own = leaseMsOf(task);
  return { type: 'begin', actor: { kind: 'worker', id: worker }, worker, leaseMs: Math.min(leaseMs ?? own, own) };
}

export function assignmentOf(sql: SqlStorage, task: RunningTask): Assignment {
  const { fence, until } = task.lease;
  const checkpoint = fence > 1 ? checkpointOf(sql, task.id) : undefined;
  return { task, fence, leaseUntil: until, ...(checkpoint === undefined ? {} : { checkpoint }) };
}
