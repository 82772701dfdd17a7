/**
 * How long begun attempts may stay silent. A renewal is kept in memory only, for a write a second and task would cost more
 * than the work; so after a restart every executor gets a grace to be heard in, but those that are known to be gone.
 */
import type { TaskCommand } from '../command.ts';
import type { TaskId } from '../id.ts';
import { leaseMsOf, wakeAtOf } from '../lifecycle/wake.ts';
import type { CommandResult } from '../ledger-object.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import type { Task } from '../task.ts';
import type { Commit } from './commit.ts';

/** After a restart an executor gets this long to be heard before its lease counts as lost. */
const RESTART_GRACE_MS = 2_000;

export class Leases {
  readonly #bornAt: number;
  readonly #isGone: (worker: string) => boolean;
  /** Renewed since they were written, by task. Lost with the object, so a restart grants a grace. */
  readonly #renewed = new Map<TaskId, { readonly fence: number; readonly until: number }>();

  /** `bornAt` is when the object was loaded. */
  constructor(platform: LedgerPlatform, bornAt: number) {
    this.#bornAt = bornAt;
    this.#isGone = (worker) => platform.isGone?.(worker) ?? false;
  }

  get isEmpty(): boolean {
    return this.#renewed.size === 0;
  }

  /** Decides a command; a sign of life that is taken renews its lease. */
  apply(commit: Commit, command: TaskCommand): CommandResult {
    const result = commit.apply(command);
    if (command.command.type !== 'heartbeat' || !result.ok || result.task.status !== 'running') return result;
    const { fence, leaseMs } = command.command;
    const until = commit.now + (leaseMs ?? leaseMsOf(result.task));
    const wakeAt = wakeAtOf(result.task, until);
    this.#renewed.set(command.taskId, { fence, until });
    // A remote worker is seldom heard, and this object may be unloaded until then: what it was promised is written.
    if (leaseMs === undefined) commit.postpone(command.taskId, wakeAt);
    return { ...result, leaseUntil: wakeAt ?? until };
  }

  forget(id: TaskId): void {
    this.#renewed.delete(id);
  }

  /** How long an attempt may stay silent: as written, as renewed since, and never less than the grace after a restart. */
  until(task: Task): number {
    if (task.status !== 'running') return 0;
    // A remote worker has a process of its own, and may call itself as it likes.
    if (task.route.executor !== 'worker' && this.#isGone(task.lease.worker)) return 0;
    const renewed = this.#renewed.get(task.id);
    const until = renewed?.fence === task.lease.fence ? Math.max(task.lease.until, renewed.until) : task.lease.until;
    return task.lease.startedAt < this.#bornAt ? Math.max(until, this.#bornAt + RESTART_GRACE_MS) : until;
  }
}
