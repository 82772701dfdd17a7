/**
 * One commit of a ledger: commands decided in order over one working set, then written as rows and events.
 * Everything it changes outside SQLite is collected here and applied by the ledger only once the transaction stands.
 */
import type { Command, TaskCommand } from '../command.ts';
import type { TaskEvent } from '../event.ts';
import type { TaskId } from '../id.ts';
import { mintTaskId, TASK_ID_RANDOM_BYTES } from '../id.ts';
import { callbackSpec } from '../lifecycle/callback.ts';
import { decide } from '../lifecycle/decide.ts';
import { begin, evolve } from '../lifecycle/evolve.ts';
import type { Assignment } from '../assignment.ts';
import type { CommandResult } from '../ledger-object.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { SYSTEM } from '../actor.ts';
import { addressOfObject } from '../object-name.ts';
import { isEnded, type Task, type TaskSpec } from '../task.ts';
import { isLongerThan } from '../json-length.ts';
import { assignmentOf, beginCommand } from './assignments.ts';
import { Commons } from './commons.ts';
import type { Dispatch } from './dispatch.ts';
import { findKey, keepKey, otherBody, otherKind } from './idempotency.ts';
import type { OwnTasks } from './own-tasks.ts';
import { RESEND_FIRST_MS } from './posts.ts';
import type { RecentTasks } from './recent-tasks.ts';
import {
  INLINE_PAYLOAD_CHARACTERS,
  insertEvents,
  insertTask,
  loadTasks,
  readRow,
  readyRows,
  updateOptions,
  updateTask,
  type StoredTask,
} from './rows.ts';
import { storageFull, type StorageLimit } from './storage-limit.ts';
import { writeTallies } from './tallies.ts';
import { WaitChanges } from './wait-changes.ts';

interface Entry {
  stored: StoredTask | undefined;
  readonly before: StoredTask | undefined;
  events: TaskEvent[];
  /** Its payloads are in rows of their own. */
  large: boolean;
}

/** What a transaction gave, and the commit whose effects are still to come. */
export interface Written<T> {
  readonly commit: Commit;
  readonly result: T;
}

export class Commit implements OwnTasks {
  readonly #platform: LedgerPlatform;
  readonly #name: string;
  readonly #recent: RecentTasks;
  readonly #limit: StorageLimit;
  readonly #waits: WaitChanges;
  readonly #commons: Commons;
  readonly #entries = new Map<TaskId, Entry>();
  readonly dispatch: Dispatch;
  readonly now: number;
  /** Tasks that began with the near executor, by lane. */
  readonly begun = new Map<string, Assignment[]>();
  /** Tasks that it changed, as it wrote them. */
  readonly changed: Task[] = [];
  /** It wrote posts for other objects. */
  hasPosts = false;
  /** Tasks that ended in it. */
  ended = 0;

  /** `name` is the object's own. */
  constructor(platform: LedgerPlatform, name: string, recent: RecentTasks, limit: StorageLimit, dispatch: Dispatch) {
    this.#platform = platform;
    this.#name = name;
    this.#waits = new WaitChanges(platform.sql, name);
    this.#recent = recent;
    this.#commons = new Commons(platform.sql);
    this.#limit = limit;
    this.dispatch = dispatch;
    this.now = platform.now();
  }

  /** Remembers what was written, once the transaction stands. */
  remember(): void {
    for (const [id, { stored, before, large }] of this.#entries) {
      if (stored === undefined || stored === before) continue;
      if (large) this.#recent.delete(id);
      else this.#recent.set(stored);
    }
  }

  /** Looks for the tasks of several submits together: mostly none of them is there, and to ask for each would take a statement. */
  lookFor(callers: readonly { readonly commands: readonly TaskCommand[] }[]): void {
    const ids: TaskId[] = [];
    for (const { commands } of callers)
      for (const { taskId, command } of commands)
        if (command.type === 'submit' && this.#recent.kept(taskId) === undefined) ids.push(taskId);
    if (ids.length < 2) return;
    const found = loadTasks(this.#platform.sql, ids);
    for (const id of ids) this.#enter(id, found.get(id));
  }

  /** Decides one command; its effects are in the working set afterwards. */
  apply({ taskId, command, idempotency, reserved }: TaskCommand): CommandResult {
    if (command.type !== 'submit') return this.#decide(taskId, command);
    const { sql } = this.#platform;
    if (idempotency !== undefined) {
      const known = findKey(sql, idempotency.key, this.now);
      if (known !== undefined && known.taskId !== taskId) {
        if (known.digest !== idempotency.digest) return { ok: false, rejection: otherBody() };
        const task = this.#entry(known.taskId).stored?.task;
        return task === undefined ? { ok: false, rejection: otherKind() } : { ok: true, task, replayed: true };
      }
    }
    const task = this.#entry(taskId).stored?.task;
    if (reserved === true && task !== undefined) return { ok: true, task, replayed: true };
    if (task === undefined && this.#limit.isReached(this.now)) return { ok: false, rejection: storageFull() };
    if (idempotency !== undefined) keepKey(sql, idempotency.key, taskId, idempotency.digest, this.now);
    return this.#decide(taskId, command);
  }

  get namespace(): string {
    return this.#name.slice(0, this.#name.indexOf('/'));
  }

  submitOwn(make: (id: TaskId) => TaskSpec): void {
    const id = mintTaskId(this.now, addressOfObject(this.#name), this.#platform.randomBytes(TASK_ID_RANDOM_BYTES));
    this.#decide(id, { type: 'submit', actor: SYSTEM, spec: make(id) });
  }

  /** Moves a queued task into the lane's hands once more. */
  redispatch(id: TaskId): void {
    const entry = this.#entry(id);
    if (entry.stored !== undefined) entry.stored = this.dispatch.again(entry.stored, this.now);
  }

  stored(id: TaskId): StoredTask | undefined {
    return this.#entry(id).stored;
  }

  /** Writes a new wake-up time, and nothing else. */
  postpone(id: TaskId, wakeAt: number | null): void {
    const entry = this.#entry(id);
    if (entry.stored !== undefined) entry.stored = { ...entry.stored, wakeAt };
  }

  /** Writes the working set. Runs inside the transaction. */
  write(): void {
    this.hasPosts = this.#waits.write(this);
    for (const [lane, free] of this.dispatch.openLanes()) this.#fill(lane, free);
    const { sql } = this.#platform;
    for (const [id, entry] of this.#entries) {
      if (entry.stored === undefined || entry.stored === entry.before) continue;
      entry.large = entry.before === undefined ? insertTask(sql, entry.stored, this.#commons) : updateTask(sql, entry.stored);
      if (entry.events.some(({ change }) => change.type === 'task.updated')) updateOptions(sql, entry.stored, this.#commons);
      insertEvents(sql, id, entry.events);
      if (entry.events.length > 0) this.changed.push(entry.stored.task);
    }
    this.#platform.beside?.write(this.changed);
    writeTallies(sql, this.#entries.values(), this.now);
  }

  /** The earliest wake-up this commit asks for. */
  earliestWake(): number {
    let earliest = this.hasPosts ? this.now + RESEND_FIRST_MS : Number.POSITIVE_INFINITY;
    for (const { stored } of this.#entries.values()) if (stored?.wakeAt != null) earliest = Math.min(earliest, stored.wakeAt);
    return earliest;
  }

  #decide(taskId: TaskId, command: Command): CommandResult {
    const entry = this.#entry(taskId);
    const task = entry.stored?.task;
    const decision = decide(task, command, this.now);
    if (!decision.ok) {
      if (command.type === 'report' && decision.rejection.code === 'lease_lost' && task !== undefined)
        this.#keepEvidence(entry, task, command);
      return { ok: false, rejection: decision.rejection, ...(task === undefined ? {} : { task }) };
    }
    let next = task;
    for (const event of decision.events)
      next = next === undefined && command.type === 'submit' ? begin(command.spec, event) : next && evolve(next, event);
    if (next === undefined) throw new Error('A decision without a task.');
    if (decision.events.length > 0) this.#advance(entry, next, decision.events);
    return { ok: true, task: next };
  }

  #advance(entry: Entry, task: Task, events: readonly TaskEvent[]): void {
    const ended = isEnded(task) && !(entry.stored !== undefined && isEnded(entry.stored.task));
    this.#waits.note(entry.stored?.task, task);
    entry.stored = this.dispatch.place(entry.stored, task);
    entry.events.push(...events);
    if (ended) this.ended += 1;
    if (ended && task.callbackUrl !== undefined && !task.system) this.submitOwn((id) => callbackSpec(task, id, this.now));
  }

  /** A result that came too late changes nothing, and is kept for whoever must judge it. */
  #keepEvidence(entry: Entry, task: Task, command: Extract<Command, { type: 'report' }>): void {
    const event: TaskEvent = {
      sequence: task.sequence + 1,
      at: this.now,
      actor: command.actor,
      change: { type: 'task.result_refused', fence: command.fence, outcome: JSON.parse(JSON.stringify(command.outcome)) },
    };
    if (entry.stored !== undefined) entry.stored = { ...entry.stored, task: evolve(task, event) };
    entry.events.push(event);
  }

  #entry(id: TaskId): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    return this.#enter(id, this.#recent.get(id));
  }

  #enter(id: TaskId, stored: StoredTask | undefined): Entry {
    const entry: Entry = { stored, before: stored, events: [], large: false };
    this.#entries.set(id, entry);
    return entry;
  }

  /** Hands ready tasks to a lane, first by priority, until its window is full. */
  #fill(lane: string, free: number): void {
    const waiting = new Set(this.dispatch.waited(lane) ? this.#readyInTables(lane, free) : []);
    for (const [id, { stored }] of this.#entries) if (stored?.ready === true && stored.task.route.lane === lane) waiting.add(id);
    const candidates = [...waiting].map((id) => this.#entry(id)).filter((entry) => entry.stored?.ready === true);
    candidates.sort(
      (a, b) =>
        (a.stored?.task.priority ?? 0) - (b.stored?.task.priority ?? 0) || ((a.stored?.task.id ?? '') < (b.stored?.task.id ?? '') ? -1 : 1),
    );
    const room = Math.min(free, this.#platform.near?.room(lane, this.dispatch.inFlight.get(lane) ?? 0) ?? 0);
    candidates.slice(0, free).forEach((entry, i) => {
      if (i < room && this.#beginNear(lane, entry)) return;
      if (entry.stored !== undefined) entry.stored = this.dispatch.again(entry.stored, this.now);
    });
    if (candidates.length <= free) this.dispatch.drained(lane);
  }

  /** More than `free` ready tasks of the tables, where there are more: those that this commit has already moved come on top. */
  #readyInTables(lane: string, free: number): TaskId[] {
    let moved = 0;
    for (const { before } of this.#entries.values()) if (before?.ready === true) moved += 1;
    const rows = readyRows(this.#platform.sql, lane, free + moved + 1);
    return rows.map((row) => {
      const id = String(row['id']) as TaskId;
      if (!this.#entries.has(id)) this.#enter(id, this.#recent.kept(id) ?? readRow(this.#platform.sql, row));
      return id;
    });
  }

  /** Begins a task in this commit, for an executor that needs no message. Says whether it began. */
  #beginNear(lane: string, entry: Entry): boolean {
    const { near } = this.#platform;
    const queued = entry.stored;
    // What was lost together with others goes alone, and what is large is not kept in memory until its turn comes.
    if (
      near === undefined ||
      queued === undefined ||
      queued.task.sharedLosses > 0 ||
      isLongerThan(queued.task.input, INLINE_PAYLOAD_CHARACTERS)
    )
      return false;
    entry.stored = this.dispatch.near(queued);
    const { id } = queued.task;
    const result = this.#decide(id, beginCommand(queued.task, near.worker, near.leaseMs));
    if (!result.ok || result.task.status !== 'running') {
      // Its time to start has passed: the place it took is free again.
      this.dispatch.notNear(queued);
      entry.stored = queued;
      return false;
    }
    const begun = this.begun.get(lane) ?? [];
    begun.push(assignmentOf(this.#platform.sql, result.task));
    this.begun.set(lane, begun);
    return true;
  }
}
