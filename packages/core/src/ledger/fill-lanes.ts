/**
 * Hands ready tasks to the lanes that have room, at the end of a commit: first by priority, then by age. A task goes as a message, or
 * it begins right here, where its executor is near (`LedgerPlatform.near`) and has room for it.
 */
import type { Assignment } from '../assignment.ts';
import type { TaskId } from '../id.ts';
import { isLongerThan } from '../json-length.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { assignmentOf, beginCommand } from './assignments.ts';
import type { Commit } from './commit.ts';
import { INLINE_PAYLOAD_CHARACTERS, readyRows } from './rows.ts';
import type { Entry, WorkingSet } from './working-set.ts';

/** What lanes are filled from, and with what. */
export interface Filling {
  readonly platform: LedgerPlatform;
  readonly commit: Commit;
  readonly tasks: WorkingSet;
  /** Takes the tasks that begin near, by lane. */
  readonly begun: Map<string, Assignment[]>;
}

/** Fills the window of every lane that this commit has touched. */
export function fillLanes(filling: Filling): void {
  for (const [lane, free] of filling.commit.dispatch.openLanes()) fill(filling, lane, free);
}

/** Hands at most `free` tasks to a lane. */
function fill(filling: Filling, lane: string, free: number): void {
  const { platform, commit, tasks } = filling;
  const { dispatch } = commit;
  const waiting = new Set(dispatch.waited(lane) ? readyInTables(filling, lane, free) : []);
  for (const [id, { stored }] of tasks.entries) if (stored?.ready === true && stored.task.route.lane === lane) waiting.add(id);
  const candidates = [...waiting].map((id) => tasks.get(id)).filter((entry) => entry.stored?.ready === true);
  candidates.sort(
    (a, b) =>
      (a.stored?.task.priority ?? 0) - (b.stored?.task.priority ?? 0) || ((a.stored?.task.id ?? '') < (b.stored?.task.id ?? '') ? -1 : 1),
  );
  const room = Math.min(free, platform.near?.room(lane, dispatch.inFlight.get(lane) ?? 0) ?? 0);
  candidates.slice(0, free).forEach((entry, i) => {
    if (i < room && beginNear(filling, lane, entry)) return;
    if (entry.stored !== undefined) entry.stored = dispatch.again(entry.stored, commit.now);
  });
  if (candidates.length <= free) dispatch.drained(lane);
}

/** More than `free` ready tasks of the tables, where there are more: those that this commit has already moved come on top. */
function readyInTables({ platform: { sql }, tasks }: Filling, lane: string, free: number): TaskId[] {
  let moved = 0;
  for (const { before } of tasks.entries.values()) if (before?.ready === true) moved += 1;
  return readyRows(sql, lane, free + moved + 1).map((row) => tasks.addRow(row));
}

/** Begins a task in this commit, for an executor that needs no message. Says whether it began. */
function beginNear({ platform: { near, sql }, commit, begun }: Filling, lane: string, entry: Entry): boolean {
  const queued = entry.stored;
  // What was lost together with others goes alone, and what is large is not kept in memory until its turn comes.
  if (
    near === undefined ||
    queued === undefined ||
    queued.task.sharedLosses > 0 ||
    isLongerThan(queued.task.input, INLINE_PAYLOAD_CHARACTERS)
  )
    return false;
  entry.stored = commit.dispatch.near(queued);
  const result = commit.decide(queued.task.id, beginCommand(queued.task, near.worker, near.leaseMs));
  if (!result.ok || result.task.status !== 'running') {
    // Its time to start has passed: the place it took is free again.
    commit.dispatch.notNear(queued);
    entry.stored = queued;
    return false;
  }
  const assignments = begun.get(lane) ?? [];
  assignments.push(assignmentOf(sql, result.task));
  begun.set(lane, assignments);
  return true;
}
