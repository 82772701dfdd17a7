/**
 * A ledger: the durable book of one shard of tasks. It decides commands in group commits, hands tasks to their lanes,
 * keeps one alarm for all timers, and answers once what it wrote is durable. Nothing here knows a runtime.
 */
import type { Attempt } from '../attempt.ts';
import type { TaskCommand } from '../command.ts';
import type { TaskEvent } from '../event.ts';
import type { TaskId } from '../id.ts';
import type { Assignment, AttemptNote } from '../assignment.ts';
import type {
  CommandResult,
  LedgerGauges,
  LedgerObject,
  KeyedTask,
  Reservation,
  Reserved,
  Standing,
  SubmitResult,
  TaskFilter,
} from '../ledger-object.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { reject } from '../rejection.ts';
import type { Status, Task } from '../task.ts';
import { assignmentOf, beginCommand } from './assignments.ts';
import { Commit, type Written } from './commit.ts';
import { applyDue, dueTasks, lookAgain, nextDueAt } from './due.ts';
import { Dispatch, laneMessages, inFlightByLane, readyLanes, type Outgoing } from './dispatch.ts';
import { EventBook } from './event-book.ts';
import { readGauges } from './gauges.ts';
import { reserveKeys, tasksOfKeys } from './idempotency.ts';
import { Leases } from './leases.ts';
import { migrate } from './migrations.ts';
import { PollTimes } from './poll-times.ts';
import { attemptsOf, countTasks, eventsOf, listTasks, throughputSince } from './queries.ts';
import { writeNotes } from './notes.ts';
import { MAX_GROUP, PendingCommands, type Pending } from './pending-commands.ts';
import { holdsAnything } from './retention.ts';
import { RecentTasks } from './recent-tasks.ts';
import { standingOf } from './standing.ts';
import { StorageLimit } from './storage-limit.ts';
import { Sweeps } from './sweeps.ts';
import { Waiters } from './waiters.ts';
import { fitting, hasReady, readyIn } from './worker-lanes.ts';

/** What a fault kept from being done is tried again after this. */
const FAULT_PAUSE_MS = 1_000;
/** Longest wait of a long poll; the platform bills a held call. */
const MAX_WAIT_MS = 25_000;

const NOT_WRITTEN = reject('not_written', 'This could not be stored, and nothing of it was. Send it again a little later.');

export class Ledger extends EventBook implements LedgerObject {
  readonly #name: string;
  readonly #pending = new PendingCommands();
  readonly #waiters = new Waiters();
  readonly #polls = new PollTimes();
  readonly #recent: RecentTasks;
  readonly #leases: Leases;
  readonly #limit: StorageLimit;
  readonly #sweeps: Sweeps;
  readonly #bornAt: number;
  readonly #onChange: (tasks: readonly Task[]) => void;
  #inFlight = new Map<string, number>();
  #backlog = new Set<string>();
  #committing = false;
  #armedAt = Number.POSITIVE_INFINITY;

  /** Opens the book: migrates it, counts what is in flight, and arms the alarm for what is due. */
  constructor(name: string, given: LedgerPlatform, onChange: (tasks: readonly Task[]) => void) {
    super(given, name);
    const { platform } = this;
    this.#name = name;
    this.#recent = new RecentTasks(platform.sql);
    this.#limit = new StorageLimit(platform.sql);
    this.#onChange = onChange;
    this.#bornAt = platform.now();
    this.#leases = new Leases(platform, this.#bornAt);
    migrate(platform);
    this.#sweeps = new Sweeps(platform, this.#bornAt);
    this.#inFlight = inFlightByLane(platform.sql);
    this.#backlog = new Set(readyLanes(platform.sql));
    if (lookAgain(platform, this.#bornAt) || this.#backlog.size > 0) this.wakeBy(this.#bornAt);
    if (this.office.holdsPosts) this.wakeBy(this.#bornAt);
    this.#rearm();
  }

  protected async inCommit<T>(work: (commit: Commit) => T): Promise<T> {
    const { commit, result } = this.#write(work);
    await this.#settle(commit);
    return result;
  }

  /** Leases were renewed in memory only: to forget them now would shorten them. */
  get holdsLeases(): boolean {
    return !this.#leases.isEmpty;
  }

  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]> {
    if (this.#pending.isFull && commands.some(({ command }) => command.type === 'submit')) return this.#refuseSubmits(commands);
    const results = this.#pending.ask(commands);
    if (!this.#committing) void this.#commitLoop();
    return results;
  }

  async submit(commands: readonly TaskCommand[]): Promise<SubmitResult[]> {
    const results = await this.execute(commands);
    return results.map((result) => {
      if (!result.ok) return { ok: false, rejection: result.rejection };
      const { id, status } = result.task;
      return { ok: true, id, status, ...(result.replayed === true ? { replayed: true } : {}) };
    });
  }

  async reserve(reservations: readonly Reservation[]): Promise<Reserved[]> {
    const reserved = reserveKeys(this.platform, this.#limit, reservations);
    await this.platform.durable();
    return reserved;
  }

  async tasksOfKeys(keys: readonly string[]): Promise<(KeyedTask | null)[]> {
    return tasksOfKeys(this.platform, keys);
  }

  async read(ids: readonly TaskId[]): Promise<(Task | null)[]> {
    return ids.map((id) => this.#recent.get(id)?.task ?? null);
  }

  async list(filter: TaskFilter, before: string | null, limit: number): Promise<{ items: Task[]; scannedTo: string | null }> {
    return listTasks(this.platform.sql, filter, before, limit);
  }

  async count(filter: TaskFilter): Promise<Partial<Record<Status, number>>> {
    return countTasks(this.platform.sql, filter);
  }

  async events(id: TaskId, afterSequence: number): Promise<TaskEvent[] | null> {
    return eventsOf(this.platform.sql, id, afterSequence);
  }

  async attempts(id: TaskId): Promise<Attempt[] | null> {
    return attemptsOf(this.platform.sql, id);
  }

  async standing(id: TaskId): Promise<{ task: Task; standing: Standing } | null> {
    const stored = this.#recent.get(id);
    if (stored === undefined) return null;
    const { task } = stored;
    const standing = standingOf(this.platform.sql, stored, {
      inLane: this.#inFlight.get(task.route.lane) ?? 0,
      polledAt: this.#polls.lastAt(task.route.lane),
      watchingSince: this.#bornAt,
      leaseUntil: task.status === 'running' ? this.#leases.until(task) : null,
    });
    return { task, standing };
  }

  async waitFor(id: TaskId, revision: number, waitMs: number): Promise<Task | null> {
    const read = (): Task | null => this.#recent.get(id)?.task ?? null;
    const task = read();
    if (task === null || task.revision > revision || waitMs <= 0) return task;
    return this.#waiters.wait(
      `task:${id}`,
      Math.min(waitMs, MAX_WAIT_MS),
      () => {
        const now = read();
        return now === null || now.revision > revision ? { value: now } : undefined;
      },
      read,
    );
  }

  async poll(lanes: readonly string[], limit: number, worker: string): Promise<Assignment[]> {
    this.#polls.saw(lanes, this.platform.now());
    return this.begin(readyIn(this.platform.sql, lanes, limit), worker, undefined);
  }

  /**
   * Begins attempts. Tasks that are no longer queued are left out: a message may come twice or late.
   * Without `leaseMs` the lease is the task's own heartbeat timeout, or its `startToClose`.
   */
  async begin(ids: readonly TaskId[], worker: string, leaseMs: number | undefined): Promise<Assignment[]> {
    if (ids.length === 0) return [];
    // Large inputs do not all fit one answer: those left over travel alone.
    const fit = fitting(this.platform.sql, ids);
    for (const id of ids.slice(fit)) this.#sendAgain(id);
    const commands = ids.slice(0, fit).flatMap((taskId): TaskCommand[] => {
      const task = this.#recent.get(taskId)?.task;
      if (task === undefined || task.status !== 'queued') return [];
      return [{ taskId, command: beginCommand(task, worker, leaseMs) }];
    });
    if (commands.length === 0) return [];
    const results = await this.execute(commands);
    const begun = results.flatMap(({ ok, task }) => (ok && task.status === 'running' ? [task] : []));
    return begun.map((task) => assignmentOf(this.platform.sql, task));
  }

  async waitForWork(lanes: readonly string[], waitMs: number): Promise<void> {
    this.#polls.saw(lanes, this.platform.now());
    if (waitMs <= 0 || hasReady(this.platform.sql, lanes)) return;
    await this.#waiters.waitAny(
      lanes.map((lane) => `lane:${lane}`),
      Math.min(waitMs, MAX_WAIT_MS),
    );
    this.#polls.saw(lanes, this.platform.now());
  }

  async note(notes: readonly AttemptNote[]): Promise<void> {
    this.platform.transaction(() => writeNotes(this.platform.sql, notes));
  }

  async throughput(sinceMs: number): Promise<[number, Status, number][]> {
    return throughputSince(this.platform.sql, sinceMs);
  }

  async gauges(): Promise<LedgerGauges> {
    return readGauges(this.platform.sql);
  }

  async touch(): Promise<void> {
    // An alarm that is past due is late, or the platform has lost it: arming it once more does no harm.
    const now = this.platform.now();
    if (this.#armedAt <= now) this.#armedAt = Number.POSITIVE_INFINITY;
    if (this.#backlog.size > 0 || this.office.holdsPosts) this.wakeBy(now);
    this.#rearm();
  }

  /** The alarm: does what is due, a bounded number of tasks, and arms itself for the rest. Never throws. */
  async tick(): Promise<void> {
    this.#armedAt = Number.POSITIVE_INFINITY;
    try {
      const due = dueTasks(this.platform.sql, this.platform.now());
      if (due.length > 0 || this.#backlog.size > 0) await this.#commitDue(due);
      this.office.send();
      // Whatever a stretch deleted must not be read from memory.
      const swept = this.#sweeps.take();
      if (swept !== undefined) this.#recent.forgetEnded(swept);
      this.#rearm();
    } catch (fault) {
      console.error('ledger tick failed', fault);
      // What is due is still due: armed in the past, the alarm would spin.
      this.wakeBy(this.platform.now() + FAULT_PAUSE_MS);
    }
  }

  /** Does what is due together, or, when a row breaks the transaction, one by one: a broken row holds up only itself. */
  async #commitDue(due: readonly TaskId[]): Promise<void> {
    let commits: Commit[];
    try {
      commits = [this.#write((commit) => applyDue(commit, due, this.#leases, this.platform)).commit];
    } catch (fault) {
      if (due.length === 0) throw fault;
      commits = due.flatMap((id) => this.#writeAlone(id));
    }
    for (const commit of commits) await this.#settle(commit);
  }

  #writeAlone(id: TaskId): Commit[] {
    try {
      return [this.#write((commit) => applyDue(commit, [id], this.#leases, this.platform)).commit];
    } catch (fault) {
      console.error(`${id} is due and cannot be written; it is tried again`, fault);
      this.platform.sql.exec('UPDATE tasks SET wake_at = ? WHERE id = ?', this.platform.now() + FAULT_PAUSE_MS, id);
      this.#recent.delete(id);
      return [];
    }
  }

  /** The line is full: new work is refused before it is accepted, and what finishes work is heard all the same. */
  async #refuseSubmits(commands: readonly TaskCommand[]): Promise<CommandResult[]> {
    const heard = commands.filter(({ command }) => command.type !== 'submit');
    const results = heard.length === 0 ? [] : await this.execute(heard);
    const rejection = reject('overloaded', 'Too much is waiting already. Nothing was accepted: send it again a little later.');
    return commands.map(({ command }) => (command.type === 'submit' ? undefined : results.shift()) ?? { ok: false, rejection });
  }

  async #commitLoop(): Promise<void> {
    this.#committing = true;
    try {
      while (!this.#pending.isEmpty) {
        if (this.platform.gather !== undefined) await this.platform.gather();
        await this.#commitGroup(this.#pending.takeGroup(this.platform.pace?.()?.commands ?? MAX_GROUP));
      }
    } finally {
      this.#committing = false;
    }
  }

  async #commitGroup(group: readonly Pending[]): Promise<void> {
    let written: Written<CommandResult[][]>;
    try {
      written = this.#write((commit) => {
        commit.lookFor(group);
        return group.map(({ commands }) => commands.map((command) => this.#leases.apply(commit, command)));
      });
    } catch (fault) {
      return this.#commitApart(group, fault);
    }
    try {
      await this.#settle(written.commit);
    } catch (fault) {
      // It stands in the book and may not be durable: nobody is told, and whoever asks again finds what was kept.
      for (const pending of group) pending.reject(fault);
      return;
    }
    group.forEach(({ resolve }, i) => resolve(written.result[i] ?? []));
  }

  /** Somebody's command broke the transaction: each gets its own, so that nobody pays for a neighbour, be it in the same call. */
  async #commitApart(group: readonly Pending[], fault: unknown): Promise<void> {
    const [first] = group;
    if (group.length > 1 || first === undefined) {
      for (const pending of group) await this.#commitGroup([pending]);
      return;
    }
    if (first.commands.length === 1 && first.isPart !== true) return first.reject(fault);
    const results: CommandResult[] = [];
    try {
      for (const command of first.commands) results.push(await this.#executeAlone(command));
      first.resolve(results);
    } catch (diskFault) {
      first.reject(diskFault);
    }
  }

  async #executeAlone(command: TaskCommand): Promise<CommandResult> {
    let written: Written<CommandResult>;
    try {
      written = this.#write((commit) => this.#leases.apply(commit, command));
    } catch (fault) {
      console.error(`${command.command.type} of ${command.taskId} could not be written`, fault);
      return { ok: false, rejection: NOT_WRITTEN };
    }
    await this.#settle(written.commit);
    return written.result;
  }

  /** Runs `work` and writes what it changed, in one transaction. A throw leaves everything as it was. */
  #write<T>(work: (commit: Commit) => T): Written<T> {
    const platform = this.platform;
    const dispatch = new Dispatch(this.#inFlight, this.#backlog, platform.pace?.()?.inHand);
    const commit = new Commit(platform, this.#name, this.#recent, this.#limit, dispatch);
    const result = platform.transaction(() => {
      const done = work(commit);
      commit.write();
      return done;
    });
    commit.remember();
    this.#sweeps.saw(commit.ended);
    for (const task of commit.changed) if (task.status !== 'running') this.#leases.forget(task.id);
    this.#inFlight = commit.dispatch.inFlight;
    this.#backlog = commit.dispatch.backlog;
    return { commit, result };
  }

  /** Arms the alarm for what was written, waits for the disk, and tells everybody. */
  async #settle(commit: Commit): Promise<void> {
    this.wakeBy(commit.earliestWake());
    await this.platform.durable();
    try {
      this.#announce(commit);
    } catch (fault) {
      console.error('a change was not announced to everybody', fault);
    }
  }

  #announce(commit: Commit): void {
    const { dispatch, changed } = commit;
    if (commit.hasPosts) this.office.send();
    for (const [lane, assignments] of commit.begun) this.platform.near?.take(lane, assignments);
    for (const [lane, messages] of dispatch.outgoing) void this.#send(lane, messages);
    for (const lane of dispatch.readyForWorkers) this.#waiters.wake(`lane:${lane}`);
    for (const task of changed) this.#waiters.wake(`task:${task.id}`);
    if (changed.length > 0) this.#onChange(changed);
  }

  async #send(lane: string, messages: readonly Outgoing[]): Promise<void> {
    try {
      await this.platform.send(lane, laneMessages(this.#name, lane, messages));
    } catch (fault) {
      console.warn('a dispatch was not sent; it will be sent again', fault);
    }
  }

  #sendAgain(id: TaskId): void {
    const lane = this.#recent.get(id)?.task.route.lane;
    if (lane !== undefined) void this.#send(lane, [{ id, alone: true }]);
  }

  /** Arms the alarm only when earlier than armed: each call costs a write. */
  protected wakeBy(at: number): void {
    if (!(at < this.#armedAt)) return;
    this.#armedAt = at;
    this.platform.setAlarm(at);
  }

  #rearm(): void {
    if (holdsAnything(this.platform.sql)) this.wakeBy(this.#sweeps.dueAt);
    this.wakeBy(nextDueAt(this.platform.sql));
  }
}
