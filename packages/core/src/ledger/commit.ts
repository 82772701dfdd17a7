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
import { createTask, evolve } from '../lifecycle/evolve.ts';
import type { Assignment } from '../assignment.ts';
import type { CommandResult } from '../ledger-object.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import { SYSTEM } from '../actor.ts';
import { addressOfObject } from '../object-name.ts';
import { isEnded, type Task, type TaskSpec } from '../task.ts';
import type { Dispatch } from './dispatch.ts';
import { fillLanes } from './fill-lanes.ts';
import { findKey, keepKey, otherBody, otherKind } from './idempotency.ts';
import type { SystemTasks } from './system-tasks.ts';
import { MemberSets } from './member-sets.ts';
import { RESEND_FIRST_MS } from './posts.ts';
import type { RecentTasks } from './recent-tasks.ts';
import { insertEvents, insertTask, updateOptions, updateTask, type StoredTask } from './rows.ts';
import { storageFull, type StorageLimit } from './storage-limit.ts';
import { writeTallies } from './tallies.ts';
import { WaitChanges } from './wait-changes.ts';
import { WorkingSet, type Entry } from './working-set.ts';

/** What a transaction gave, and the commit whose effects are still to come. */
export interface Written<T> {
  readonly commit: Commit;
  readonly result: T;
}

export class Commit implements SystemTasks {
  readonly #platform: LedgerPlatform;
  readonly #name: string;
  readonly #limit: StorageLimit;
  readonly #waits: WaitChanges;
  readonly #memberSets: MemberSets;
  readonly #tasks: WorkingSet;
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
    this.#tasks = new WorkingSet(platform.sql, recent);
    this.#memberSets = new MemberSets(platform.sql);
    this.#limit = limit;
    this.dispatch = dispatch;
    this.now = platform.now();
  }

  /** Remembers what was written, once the transaction stands. */
  remember(): void {
    this.#tasks.remember();
  }

  /** Reads the tasks of several submits at once, before they are decided. */
  lookFor(callers: readonly { readonly commands: readonly TaskCommand[] }[]): void {
    this.#tasks.lookFor(callers);
  }

  /** Answers one command as callers send it: a submit may be a repetition, or one too many. */
  apply({ taskId, command, idempotency, reserved }: TaskCommand): CommandResult {
    if (command.type !== 'submit') return this.decide(taskId, command);
    const { sql } = this.#platform;
    if (idempotency !== undefined) {
      const known = findKey(sql, idempotency.key, this.now);
      if (known !== undefined && known.taskId !== taskId) {
        if (known.digest !== idempotency.digest) return { ok: false, rejection: otherBody() };
        const task = this.#tasks.get(known.taskId).stored?.task;
        return task === undefined ? { ok: false, rejection: otherKind() } : { ok: true, task, replayed: true };
      }
    }
    const task = this.#tasks.get(taskId).stored?.task;
    if (reserved === true && task !== undefined) return { ok: true, task, replayed: true };
    if (task === undefined && this.#limit.isReached(this.now)) return { ok: false, rejection: storageFull() };
    if (idempotency !== undefined) keepKey(sql, idempotency.key, taskId, idempotency.digest, this.now);
    return this.decide(taskId, command);
  }

  get namespace(): string {
    return this.#name.slice(0, this.#name.indexOf('/'));
  }

  submitSystemTask(make: (id: TaskId) => TaskSpec): void {
    const id = mintTaskId(this.now, addressOfObject(this.#name), this.#platform.randomBytes(TASK_ID_RANDOM_BYTES));
    this.decide(id, { type: 'submit', actor: SYSTEM, spec: make(id) });
  }

  /** Moves a queued task into the lane's hands once more. */
  redispatch(id: TaskId): void {
    const entry = this.#tasks.get(id);
    if (entry.stored !== undefined) entry.stored = this.dispatch.again(entry.stored, this.now);
  }

  stored(id: TaskId): StoredTask | undefined {
    return this.#tasks.get(id).stored;
  }

  /** Writes a new wake-up time, and nothing else. */
  postpone(id: TaskId, wakeAt: number | null): void {
    const entry = this.#tasks.get(id);
    if (entry.stored !== undefined) entry.stored = { ...entry.stored, wakeAt };
  }

  /** Writes the working set. Runs inside the transaction. */
  write(): void {
    this.hasPosts = this.#waits.write(this);
    fillLanes({ platform: this.#platform, commit: this, tasks: this.#tasks, begun: this.begun });
    const { sql } = this.#platform;
    const { entries } = this.#tasks;
    for (const [id, entry] of entries) {
      if (entry.stored === undefined || entry.stored === entry.before) continue;
      entry.large = entry.before === undefined ? insertTask(sql, entry.stored, this.#memberSets) : updateTask(sql, entry.stored);
      if (entry.events.some(({ change }) => change.type === 'task.updated')) updateOptions(sql, entry.stored, this.#memberSets);
      insertEvents(sql, id, entry.events);
      if (entry.events.length > 0) this.changed.push(entry.stored.task);
    }
    this.#platform.beside?.write(this.changed);
    writeTallies(sql, entries.values(), this.now);
  }

  /** The earliest wake-up this commit asks for. */
  earliestWake(): number {
    let earliest = this.hasPosts ? this.now + RESEND_FIRST_MS : Number.POSITIVE_INFINITY;
    for (const { stored } of this.#tasks.entries.values()) if (stored?.wakeAt != null) earliest = Math.min(earliest, stored.wakeAt);
    return earliest;
  }

  /** Decides a command; what it changes is in the working set afterwards. */
  decide(taskId: TaskId, command: Command): CommandResult {
    const entry = this.#tasks.get(taskId);
    const task = entry.stored?.task;
    const decision = decide(task, command, this.now);
    if (!decision.ok) {
      if (command.type === 'report' && decision.rejection.code === 'lease_lost' && task !== undefined)
        this.#keepEvidence(entry, task, command);
      return { ok: false, rejection: decision.rejection, ...(task === undefined ? {} : { task }) };
    }
    let next = task;
    for (const event of decision.events)
      next = next === undefined && command.type === 'submit' ? createTask(command.spec, event) : next && evolve(next, event);
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
    if (ended && task.callbackUrl !== undefined && !task.system) this.submitSystemTask((id) => callbackSpec(task, id, this.now));
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
}
