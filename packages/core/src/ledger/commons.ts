/**
 * What tasks of a type have in common is stored once: with it in every row, a row outgrows what SQLite keeps in a page of a table
 * without row ids (about 1,000 bytes of 4,096), and each write of a task costs a page of its own.
 */
import type { SqlStorage } from '../ports.ts';
import type { TaskSpec } from '../task.ts';

/** The members. None of them is asked for in SQL, but as a column. */
export const COMMON_KEYS = [
  'namespace',
  'type',
  'version',
  'kind',
  'priority',
  'retry',
  'timeouts',
  'route',
  'system',
] as const satisfies readonly (keyof TaskSpec)[];
const COMMON_KEY_SET: ReadonlySet<string> = new Set(COMMON_KEYS);

/** Different ones that a ledger keeps. Callers may set some of the members, so there could be any number; what is beyond is written in full. */
const MAX_COMMONS = 1_000;

export function isCommon(key: string): boolean {
  return COMMON_KEY_SET.has(key);
}

/** The numbers of what is stored once, as one transaction sees them: rolled back, it takes them along. */
export class Commons {
  readonly #sql: SqlStorage;
  readonly #numbers = new Map<string, number | null>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The number of what is common to `task`, stored now if it is new; `null` where it must be written in full. */
  numberOf(task: TaskSpec): number | null {
    const common: Record<string, unknown> = {};
    for (const key of COMMON_KEYS) common[key] = task[key];
    const text = JSON.stringify(common);
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
