/**
 * Performs the tasks that a lane's message names: begins them in their ledger, has their executors run side by side, renews their leases
 * every second while they run, and reports their outcomes. It connects lanes, executors and ledgers, and decides nothing about a task.
 *
 * ```
 *  message ──► begin ──► executor.perform ──► output checked ──► report
 *                          └─ every second: heartbeat, new log lines and checkpoints; learns of a cancel or a lost lease
 * ```
 */
import type { LogLine } from '@errand/core/attempt';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment, AttemptNote, LaneMessage } from '@errand/core/assignment';
import type { TaskId } from '@errand/core/id';
import type { Task, TaskError } from '@errand/core/task';
import type { Executor } from '@errand/executors/executor';
import { Stopped } from '@errand/executors/stopped';
import { isNotWritten, reportAll, type ReportedLedger, type Reports } from './report.ts';
import { AttemptStop } from './attempt-stop.ts';
import { Deadlines } from './deadlines.ts';

/** A service executor's lease. It is renewed every second while work runs, so a lost process is noticed within this. */
export const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 1_000;

/** What is asked of a ledger here. */
export interface PerformingLedger extends ReportedLedger {
  begin(ids: readonly TaskId[], worker: string, leaseMs: number | undefined): Promise<Assignment[]>;
}

export interface PerformDeps {
  /** The name of this executor in leases and events (`serviceWorker`). */
  readonly worker: string;
  readonly ledger: (object: string) => PerformingLedger;
  readonly executor: (task: Task) => Executor;
  /** Judges an output by the schema of the task's type: the output to keep, or the error its attempt ends with. */
  readonly checkOutput: (
    task: Task,
    output: Json,
  ) => Promise<{ readonly ok: true; readonly output: Json } | { readonly ok: false; readonly error: TaskError }>;
  readonly now: () => number;
  readonly random: () => number;
}

/** An attempt at work. */
interface Running {
  readonly assignment: Assignment;
  readonly stop: AttemptStop;
  /** Lines that the ledger does not have yet. */
  readonly logs: LogLine[];
  checkpoint: Json | undefined;
  /** The ledger does not have this checkpoint yet. */
  checkpointNew: boolean;
  /** Its handler has called `heartbeat` since the last renewal. */
  beat: boolean;
}

/** Performs the tasks of one message and resolves when every one has been reported. */
export async function perform(message: LaneMessage, deps: PerformDeps): Promise<void> {
  const assignments = await deps.ledger(message.object).begin(message.taskIds, deps.worker, LEASE_MS);
  await performBegun(message.object, assignments, deps);
}

/**
 * Performs tasks that have begun, side by side, and resolves when every one has been reported. Reports go to the ledger by calls, unless
 * `report` takes them (see `perform-soon.ts`).
 */
export async function performBegun(
  object: string,
  assignments: readonly Assignment[],
  deps: PerformDeps,
  report = (reports: Reports): Promise<void> => reportAll(() => deps.ledger(object), reports),
): Promise<void> {
  const running = new Map(assignments.map((assignment) => [assignment.task.id, start(assignment)]));
  const done: { running: Running; outcome: Outcome }[] = [];
  const deadlines = new Deadlines();
  let reporting: Promise<void> | undefined;
  const reportDone = async (): Promise<void> => {
    // Whatever finishes in the same turn is reported together: it shares one call and one commit.
    await Promise.resolve();
    const batch = done.splice(0);
    reporting = undefined;
    await report(reportsOf(batch, deps));
  };
  const renewal = setInterval(() => {
    if (running.size === 0) clearInterval(renewal);
    else void renew(deps.ledger(object), deps.worker, running);
  }, RENEW_EVERY_MS);
  try {
    await Promise.all(
      [...running.values()].map(async (one) => {
        const { id } = one.assignment.task;
        // An attempt that is out of time is not renewed any more, even if its executor ignores the stop and runs on.
        const outcome = await performOne(one, deps, deadlines, () => running.delete(id));
        running.delete(id);
        done.push({ running: one, outcome });
        reporting ??= reportDone();
        await reporting;
      }),
    );
  } finally {
    clearInterval(renewal);
  }
}

function start(assignment: Assignment): Running {
  return { assignment, stop: new AttemptStop(), logs: [], checkpoint: undefined, checkpointNew: false, beat: false };
}

/** Has the executor perform one attempt. Calls `onLate` when its time (`startToClose`) is over. Never throws. */
async function performOne(running: Running, deps: PerformDeps, deadlines: Deadlines, onLate: () => void): Promise<Outcome> {
  const { assignment, stop } = running;
  const { startToCloseMs } = assignment.task.timeouts;
  const late = (): void => {
    stop.request(new Stopped('timeout.start_to_close', 'The attempt did not end in time.'));
    onLate();
  };
  const deadline = startToCloseMs === undefined ? undefined : deadlines.add(startToCloseMs, late);
  try {
    const outcome = await deps.executor(assignment.task).perform(assignment, {
      get signal() {
        return stop.signal;
      },
      whenStopped: (listener) => stop.whenRequested(listener),
      heartbeat: (details) => {
        running.beat = true;
        if (details === undefined) return;
        running.checkpoint = details;
        running.checkpointNew = true;
      },
      log: (line) => running.logs.push(line),
    });
    return outcome.kind === 'completed' ? await validated(assignment.task, outcome, deps) : outcome;
  } catch (fault) {
    return {
      kind: 'failed',
      error: { code: 'internal', message: fault instanceof Error ? fault.message : String(fault), retryable: true },
    };
  } finally {
    if (deadline !== undefined) deadlines.remove(deadline);
  }
}

/** The outcome with the output as the type's schema gives it, or a failure where it does not fit. */
async function validated(task: Task, outcome: Extract<Outcome, { kind: 'completed' }>, deps: PerformDeps): Promise<Outcome> {
  const checked = await deps.checkOutput(task, outcome.output);
  return checked.ok ? { kind: 'completed', output: checked.output } : { kind: 'failed', error: checked.error };
}

/** The reports of attempts that ended. */
function reportsOf(batch: readonly { running: Running; outcome: Outcome }[], { worker, random }: PerformDeps): Reports {
  return {
    notes: batch.flatMap(({ running }) => noteOf(running)),
    commands: batch.map(({ running: { assignment }, outcome }) => ({
      taskId: assignment.task.id,
      command: { type: 'report', actor: { kind: 'worker', id: worker }, fence: assignment.fence, outcome, delayFraction: random() },
    })),
  };
}

/**
 * Renews the leases of attempts that still run, sends what they noted, and stops those that were canceled or whose lease is lost. Where
 * the type has a heartbeat timeout, only a handler that has given a sign of life is renewed.
 */
async function renew(ledger: PerformingLedger, worker: string, running: Map<TaskId, Running>): Promise<void> {
  const alive = [...running.values()].filter(({ assignment, beat }) => beat || assignment.task.timeouts.heartbeatMs === undefined);
  for (const one of alive) one.beat = false;
  if (alive.length === 0) return;
  try {
    const notes = alive.flatMap(noteOf);
    if (notes.length > 0) await ledger.note(notes);
    const results = await ledger.execute(
      alive.map(({ assignment: { task, fence } }) => ({
        taskId: task.id,
        command: {
          type: 'heartbeat',
          actor: { kind: 'worker', id: worker },
          fence,
          leaseMs: Math.min(LEASE_MS, task.timeouts.heartbeatMs ?? LEASE_MS),
        },
      })),
    );
    results.forEach((result, i) => {
      const one = alive[i];
      if (!result.ok && !isNotWritten(result) && one !== undefined) {
        one.stop.request(new Stopped('lease_lost', 'The attempt lost its lease.'));
        // The executor may ignore the stop and run on for ever; nothing renews its lease any more.
        running.delete(one.assignment.task.id);
      } else if (result.ok && result.task.status === 'running' && result.task.cancelRequestedAt !== undefined)
        alive[i]?.stop.request(new Stopped('canceled', 'The task was canceled.'));
    });
  } catch (fault) {
    console.warn('leases were not renewed; the next second tries again', fault);
  }
}

/** What the attempt has logged since its last note, and its checkpoint where that is new: one note, or none. It is then taken as kept. */
function noteOf(running: Running): AttemptNote[] {
  const { assignment, logs } = running;
  if (logs.length === 0 && !running.checkpointNew) return [];
  const checkpoint = running.checkpointNew && running.checkpoint !== undefined ? { checkpoint: running.checkpoint } : {};
  running.checkpointNew = false;
  return [{ taskId: assignment.task.id, fence: assignment.fence, logs: logs.splice(0), ...checkpoint }];
}
