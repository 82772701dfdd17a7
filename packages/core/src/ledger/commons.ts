/**
 * What tasks of a type have in common is stored once: with it in every row, a row outgrows what SQLite keeps in a page of a table
 * without row ids (about 1,000 bytes of 4,096), and each write of a task costs a page of its own.
 */
import type { SqlStorage } from '../ledger-platform.ts';
import type { TaskSpec } from '../task.ts';
import { commonOf } from './task-members.ts';

/** Different ones that a ledger keeps. Callers may set some of the members, so there could be any number; what is beyond is written in full. */
const MAX_COMMONS = 1_000;

/** The numbers of what is stored once, as one transaction sees them: rolled back, it takes them along. */
export class Commons {
  readonly #sql: SqlStorage;
  readonly #numbers = new Map<string, number | null>();
  /** The last one asked for: the next is mostly of its kind, and then nothing need be written out to tell. */
  #last: { readonly task: TaskSpec; readonly number: number | null } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The number of what is common to `task`, stored now if it is new; `null` where it must be written in full. */
  numberOf(task: TaskSpec): number | null {
    if (this.#last === undefined || !areCommon(this.#last.task, task)) this.#last = { task, number: this.#numberOf(task) };
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
    if (number > MAX_COMMONS) return null;
    this.#sql.exec('INSERT INTO commons (number, text) VALUES (?, ?)', number, text);
    return number;
  }
}

/** Says that two tasks have everything in common that is stored once. Policies are compared as objects: those of one type are the same. */
function areCommon(one: TaskSpec, other: TaskSpec): boolean {
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
