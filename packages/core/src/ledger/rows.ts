/** Tasks and events as rows: how a task is written, and read back. Hot statements are raw SQL, all of them here. */
import type { TaskEvent } from '../event.ts';
import type { TaskId } from '../id.ts';
import type { Json } from '../json.ts';
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';
import type { Task, TaskSpec } from '../task.ts';
import type { MemberSets } from './member-sets.ts';
import { commonOf, ownOf, stateOf } from './task-members.ts';

/** Payloads longer than this live in rows of their own: a row that changes must stay small. */
export const INLINE_PAYLOAD_CHARACTERS = 4_096;

/** What the ledger notes of a task besides its folded state: where it stands in dispatch. */
export interface Bookkeeping {
  readonly wakeAt: number | null;
  /** Handed to its lane and not yet done: takes a place in the lane's window. */
  readonly inFlight: boolean;
  /** Times this queueing was handed to the lane. */
  readonly dispatches: number;
  /** Queued, and waiting for a place in the window (or for a remote worker to poll). */
  readonly ready: boolean;
}

export interface StoredTask extends Bookkeeping {
  readonly task: Task;
}

/** The columns that {@link readRow} needs. */
export const TASK_COLUMNS = `id, wake_at, in_flight, dispatches, ready, big_input, big_output, spec, state,
  (SELECT text FROM commons WHERE number = common) AS common`;

/** Reads one task, or `undefined`. */
export function loadTask(sql: SqlStorage, id: TaskId): StoredTask | undefined {
  const row = sql.exec(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ?`, id).toArray()[0];
  return row === undefined ? undefined : readRow(sql, row);
}

/** The tasks with these ids that exist, by id, in one statement. */
export function loadTasks(sql: SqlStorage, ids: readonly TaskId[]): Map<TaskId, StoredTask> {
  const rows = sql.exec(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids)).toArray();
  return new Map(rows.map((row) => [String(row['id']) as TaskId, readRow(sql, row)]));
}

/** Rows of ready tasks of a lane, first by priority. */
export function readyRows(sql: SqlStorage, lane: string, limit: number): Record<string, SqlValue>[] {
  return sql.exec(`SELECT ${TASK_COLUMNS} FROM tasks WHERE ready = 1 AND lane = ? ORDER BY priority, id LIMIT ?`, lane, limit).toArray();
}

/** A row of {@link TASK_COLUMNS} as a task. */
export function readRow(sql: SqlStorage, row: Record<string, SqlValue>): StoredTask {
  const common = row['common'] == null ? undefined : JSON.parse(String(row['common']));
  const task = { ...common, ...JSON.parse(String(row['spec'])), ...JSON.parse(String(row['state'])) };
  if (row['big_input'] === 1) task.input = payload(sql, task.id, 'input');
  if (row['big_output'] === 1) task.output = payload(sql, task.id, 'output');
  return {
    task,
    wakeAt: row['wake_at'] === null ? null : Number(row['wake_at']),
    inFlight: row['in_flight'] === 1,
    dispatches: Number(row['dispatches']),
    ready: row['ready'] === 1,
  };
}

/** Inserts a new task. Says whether its input or output is so long that it went to a row of its own. */
export function insertTask(sql: SqlStorage, stored: StoredTask, memberSets: MemberSets): boolean {
  const { task } = stored;
  const common = memberSets.numberOf(task);
  const { spec, bigInput } = specOf(task, common !== null);
  const { state, bigOutput } = changingOf(task);
  if (bigInput) writePayload(sql, task, 'input', JSON.stringify(task.input));
  if (bigOutput !== undefined) writePayload(sql, task, 'output', bigOutput);
  sql.exec(
    `INSERT INTO tasks (id, status, type, version, kind, system, lane, priority, holder, wake_at, in_flight, dispatches, ready, big_input, big_output, common, spec, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    task.id,
    task.status,
    task.type,
    task.version,
    task.kind,
    task.system ? 1 : 0,
    task.route.lane,
    task.priority,
    holderOf(task),
    stored.wakeAt,
    stored.inFlight ? 1 : 0,
    stored.dispatches,
    stored.ready ? 1 : 0,
    bigInput ? 1 : 0,
    bigOutput === undefined ? 0 : 1,
    common,
    spec,
    state,
  );
  return bigInput || bigOutput !== undefined;
}

/** Writes what changes in a task: its state, never its spec. Says whether its output went to a row of its own. */
export function updateTask(sql: SqlStorage, stored: StoredTask): boolean {
  const { task } = stored;
  const { state, bigOutput } = changingOf(task);
  if (bigOutput !== undefined) writePayload(sql, task, 'output', bigOutput);
  sql.exec(
    'UPDATE tasks SET status = ?, holder = ?, wake_at = ?, in_flight = ?, dispatches = ?, ready = ?, big_output = ?, state = ? WHERE id = ?',
    task.status,
    holderOf(task),
    stored.wakeAt,
    stored.inFlight ? 1 : 0,
    stored.dispatches,
    stored.ready ? 1 : 0,
    bigOutput === undefined ? 0 : 1,
    state,
    task.id,
  );
  return bigOutput !== undefined;
}

/** Writes the options of a task anew, which only `task.updated` changes. */
export function updateOptions(sql: SqlStorage, { task }: StoredTask, memberSets: MemberSets): void {
  const common = memberSets.numberOf(task);
  const { spec } = specOf(task, common !== null);
  sql.exec('UPDATE tasks SET priority = ?, common = ?, spec = ? WHERE id = ?', task.priority, common, spec, task.id);
}

/** Appends the events of one commit as one row. The output of a `task.completed` is in the task's own row already. */
export function insertEvents(sql: SqlStorage, id: TaskId, events: readonly TaskEvent[]): void {
  const first = events[0];
  if (first === undefined) return;
  const text = JSON.stringify(
    events.map((event) => (event.change.type === 'task.completed' ? { ...event, change: { type: event.change.type } } : event)),
  );
  sql.exec('INSERT INTO events (task_id, sequence, events) VALUES (?, ?, ?)', id, first.sequence, text);
}

/** The events of a task whose sequence is above `afterSequence`, in order: all of them after 0. */
export function loadEvents(sql: SqlStorage, id: TaskId, afterSequence: number): TaskEvent[] {
  const rows = sql.exec('SELECT events FROM events WHERE task_id = ? ORDER BY sequence', id).toArray();
  const events = rows.flatMap((row) => JSON.parse(String(row['events'])) as TaskEvent[]);
  return afterSequence > 0 ? events.filter((event) => event.sequence > afterSequence) : events;
}

function payload(sql: SqlStorage, id: string, name: string): Json {
  return JSON.parse(String(sql.exec('SELECT value FROM payloads WHERE task_id = ? AND name = ?', id, name).toArray()[0]?.['value']));
}

/** What submit decided, with the options in force, as text. A large input is left out of it. */
function specOf(task: TaskSpec, isCommon: boolean): { readonly spec: string; readonly bigInput: boolean } {
  const members = isCommon ? ownOf(task) : { ...commonOf(task), ...ownOf(task) };
  const spec = JSON.stringify(members);
  // The text of the whole bounds that of the input: most are never written twice to learn how long they are.
  if (spec.length <= INLINE_PAYLOAD_CHARACTERS || JSON.stringify(task.input).length <= INLINE_PAYLOAD_CHARACTERS)
    return { spec, bigInput: false };
  return { spec: JSON.stringify({ ...members, input: undefined }), bigInput: true };
}

/** What changes, as text; a large output is left out of it, and its own text given. */
function changingOf(task: Task): { readonly state: string; readonly bigOutput: string | undefined } {
  const members = stateOf(task);
  const state = JSON.stringify(members);
  if (state.length <= INLINE_PAYLOAD_CHARACTERS || members.output === undefined) return { state, bigOutput: undefined };
  const output = JSON.stringify(members.output);
  if (output.length <= INLINE_PAYLOAD_CHARACTERS) return { state, bigOutput: undefined };
  return { state: JSON.stringify({ ...members, output: undefined }), bigOutput: output };
}

function writePayload(sql: SqlStorage, task: Task, name: 'input' | 'output', text: string): void {
  sql.exec('INSERT OR REPLACE INTO payloads (task_id, name, value) VALUES (?, ?, ?)', task.id, name, text);
}

function holderOf(task: Task): string | null {
  return task.status === 'waiting' ? (task.manual?.holder?.id ?? null) : null;
}
