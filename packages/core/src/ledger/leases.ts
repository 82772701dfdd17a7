/**
 * How long begun attempts may stay silent. A renewal is kept in memory only, for a write a second and task would cost more
 * than the work; so after a restart every executor gets a grace to be heard in.
 */
import type { TaskId } from '../id.ts';
import type { Task } from '../task.ts';

/** After a restart an executor gets this long to be heard before its lease counts as lost. */
const RESTART_GRACE_MS = 2_000;

export class Leases {
  readonly #bornAt: number;
  readonly #renewed = new Map<TaskId, { readonly fence: number; readonly until: number }>();

  /** `bornAt` is when the ledger woke; epoch ms. */
  constructor(bornAt: number) {
    this.#bornAt = bornAt;
  }

  get isEmpty(): boolean {
    return this.#renewed.size === 0;
  }

  renew(id: TaskId, fence: number, until: number): void {
    this.#renewed.set(id, { fence, until });
  }

  forget(id: TaskId): void {
    this.#renewed.delete(id);
  }

  /** As written, as renewed since, and never less than the grace after a restart. */
  until(task: Task): number {
    if (task.status !== 'running') return 0;
    const renewed = this.#renewed.get(task.id);
    const until = renewed?.fence === task.fence ? Math.max(task.lease.until, renewed.until) : task.lease.until;
    return task.lease.startedAt < this.#bornAt ? Math.max(until, this.#bornAt + RESTART_GRACE_MS) : until;
  }
}
