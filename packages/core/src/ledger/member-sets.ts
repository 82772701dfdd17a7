/**
 * Most tasks of a type have the same retry policy, timeouts, route and so on (`CommonMember`). Each different set of these members is
 * stored once, in the table `commons`, and rows of tasks name it by its number. Why: with the members in every row, a row outgrows
 * what SQLite keeps in a page of a table without row ids (about 1,000 bytes of 4,096), and each write of a task costs a page of its own.
 *
 * ```
 *  tasks    id=task_1  common=7  spec={"input":{"a":1},…}        commons  number=7  text={"type":"example.sum","retry":{…},…}
 *           id=task_2  common=7  spec={"input":{"a":5},…}
 * ```
 */
import type { SqlStorage } from '../ledger-platform.ts';
import type { TaskSpec } from '../task.ts';
import { commonOf } from './task-members.ts';

/** Sets that a ledger keeps. Callers may choose some of the members, so there could be any number: beyond these, a task has its members in its own row. */
const MAX_SETS = 1_000;

/**
 * The numbers of the sets, as one commit sees them. Each commit makes its own: were its transaction rolled back, a number that it
 * gave would name a row that is gone.
 */
export class MemberSets {
  readonly #sql: SqlStorage;
  readonly #numbers = new Map<string, number | null>();
  /** The last task asked about. The next one mostly has the same members, which a comparison tells sooner than their text. */
  #last: { readonly task: TaskSpec; readonly number: number | null } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The number of the set that `task` has, stored now if it is new; `null` where the task must be written in full. */
  numberOf(task: TaskSpec): number | null {
    if (this.#last === undefined || !haveSameSet(this.#last.task, task)) this.#last = { task, number: this.#numberOf(task) };
    return this.#last.number;
  }

  #numberOf(task: TaskSpec): number | null {
    const text = JSON.stringify(commonOf(task));
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#find(text) ?? this.#insert(text);
    this.#numbers.set(text, number);
    return number;
  }

  #find(text: string): number | undefined {
    const row = this.#sql.exec('SELECT number FROM commons WHERE text = ?', text).toArray()[0];
    return row === undefined ? undefined : Number(row['number']);
  }

  #insert(text: string): number | null {
    const number = Number(this.#sql.exec('SELECT MAX(number) AS n FROM commons').toArray()[0]?.['n'] ?? 0) + 1;
    if (number > MAX_SETS) return null;
    this.#sql.exec('INSERT INTO commons (number, text) VALUES (?, ?)', number, text);
    return number;
  }
}

/** Whether two tasks certainly have the same set. Policies are compared as objects: those of one type are the same object. */
function haveSameSet(one: TaskSpec, other: TaskSpec): boolean {
  return (
    one.type === other.type &&
    one.version === other.version &&
    one.priority === other.priority &&
    one.retry === other.retry &&
    one.timeouts === other.timeouts &&
    one.namespace === other.namespace &&
    one.kind === other.kind &&
    one.system === other.system &&
    one.route.executor === other.route.executor &&
    one.route.lane === other.route.lane &&
    one.route.rule === other.route.rule &&
    one.route.reason === other.route.reason
  );
}
