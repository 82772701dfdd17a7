/** What time brings to a ledger: the tasks that are due, and what becomes of each. */
import { SYSTEM } from '../actor.ts';
import type { TaskId } from '../id.ts';
import { isRunningLost, wakeAtOf } from '../lifecycle/wake.ts';
import type { LedgerPlatform, SqlStorage } from '../ledger-platform.ts';
import type { Commit } from './commit.ts';
import type { Leases } from './leases.ts';

/** Due rows in one tick. What is left is done in the next, at once. */
const MAX_DUE = 500;

/** Tasks whose time has come, earliest first, in flight or not: at most {@link MAX_DUE} of each. */
export function dueTasks(sql: SqlStorage, now: number): TaskId[] {
  return [0, 1].flatMap((inFlight) =>
    sql
      .exec('SELECT id FROM tasks WHERE in_flight = ? AND wake_at <= ? ORDER BY wake_at LIMIT ?', inFlight, now, MAX_DUE)
      .toArray()
      .map((row) => String(row['id']) as TaskId),
  );
}

/** When the next task is due by itself; never, when none is. */
export function nextDueAt(sql: SqlStorage): number {
  const at = [0, 1].map(
    (inFlight) =>
      sql.exec('SELECT MIN(wake_at) AS at FROM tasks WHERE in_flight = ? AND wake_at IS NOT NULL', inFlight).toArray()[0]?.['at'],
  );
  return Math.min(...at.map((earliest) => (typeof earliest === 'number' ? earliest : Number.POSITIVE_INFINITY)));
}

/** Decides what is due of each task, inside a commit; and fills lanes that have room. */
export function applyDue(
  commit: Commit,
  due: readonly TaskId[],
  leases: Pick<Leases, 'until'>,
  platform: Pick<LedgerPlatform, 'random'>,
): void {
  commit.dispatch.touchAll();
  const lost = due.filter((id) => {
    const task = commit.stored(id)?.task;
    return task !== undefined && isRunningLost(task, leases.until(task), commit.now);
  });
  for (const id of due) {
    const stored = commit.stored(id);
    if (stored === undefined) continue;
    const { task } = stored;
    const leaseUntil = task.status === 'running' ? leases.until(task) : undefined;
    const result = commit.apply({
      taskId: id,
      command: {
        type: 'tick',
        actor: SYSTEM,
        delayFraction: platform.random(),
        sharedLoss: lost.length > 1 && lost.includes(id),
        ...(leaseUntil === undefined ? {} : { leaseUntil }),
      },
    });
    if (!result.ok || result.task.revision !== task.revision) continue;
    // It woke for a timer that has moved since. Left in the past, it would wake this ledger again at once, and for ever.
    if (task.status === 'queued' && stored.inFlight) commit.redispatch(id);
    else commit.postpone(id, wakeAtOf(task, leaseUntil));
  }
}

/**
 * Makes due what a restart may have broken off: what was handed to a lane and not begun may be lost with the lane's memory (a
 * double is harmless), and attempts may have ended with their process where that is known. Says whether there was any.
 * A timer that has passed keeps its time: by a clock that is set back, now is later than it was.
 */
export function lookAgain({ sql, isGone }: LedgerPlatform, now: number): boolean {
  const status = isGone === undefined ? `status = 'queued'` : `status IN ('queued', 'running')`;
  return (
    sql.exec(`UPDATE tasks SET wake_at = MIN(wake_at, ?) WHERE in_flight = 1 AND wake_at IS NOT NULL AND ${status}`, now).rowsWritten > 0
  );
}
