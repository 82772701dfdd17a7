/**
 * The tables of manual work beside an inbox's ledger: which tasks wait for a person, for whom, and when they are due.
 * A task has rows here only while it waits, so lists cost what is open, not what was ever done.
 */
import type { Person } from '@errand/core/actor';
import type { LedgerPlatform, SqlStorage } from '@errand/core/ledger-platform';
import type { Task } from '@errand/core/task';

/** Numbered and additive, like the ledger's own; none may take longer on a full table. */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE inbox (task_id TEXT PRIMARY KEY, due_at INTEGER NOT NULL, holder TEXT, type TEXT NOT NULL) WITHOUT ROWID`,
    `CREATE INDEX inbox_due ON inbox (due_at, task_id)`,
    `CREATE INDEX inbox_held ON inbox (holder, due_at, task_id) WHERE holder IS NOT NULL`,
    `CREATE TABLE inbox_candidates (candidate TEXT NOT NULL, task_id TEXT NOT NULL, PRIMARY KEY (candidate, task_id)) WITHOUT ROWID`,
  ],
];

/** The due date of a task that has none: it sorts after every other. */
export const NEVER_DUE = Number.MAX_SAFE_INTEGER;

/** Brings the tables up to date. */
export function migrateInbox({ sql, transaction }: Pick<LedgerPlatform, 'sql' | 'transaction'>): void {
  sql.exec('CREATE TABLE IF NOT EXISTS inbox_migrations (number INTEGER PRIMARY KEY)');
  const applied = Number(sql.exec('SELECT MAX(number) AS n FROM inbox_migrations').toArray()[0]?.['n'] ?? 0);
  MIGRATIONS.slice(applied).forEach((statements, i) => {
    transaction(() => {
      for (const statement of statements) sql.exec(statement);
      sql.exec('INSERT INTO inbox_migrations (number) VALUES (?)', applied + i + 1);
    });
  });
}

/** Brings the rows of the tasks that a commit changed up to date. Runs inside the commit's transaction. */
export function writeInbox(sql: SqlStorage, changed: readonly Task[]): void {
  for (const task of changed) {
    if (task.kind !== 'manual') continue;
    const known = sql.exec('SELECT holder FROM inbox WHERE task_id = ?', task.id).toArray()[0];
    if (task.status !== 'waiting') {
      if (known !== undefined) remove(sql, task);
      continue;
    }
    const holder = task.manual?.holder?.id ?? null;
    if (known === undefined) insert(sql, task, holder);
    else if (known['holder'] !== holder) sql.exec('UPDATE inbox SET holder = ? WHERE task_id = ?', holder, task.id);
  }
}

/** The candidates that a person counts as: themself, their groups, and anyone. */
export function namesOf(person: Person): string[] {
  return [ANYONE, `user:${person.id}`, ...person.groups.map((group) => `group:${group}`)];
}

const ANYONE = 'anyone';

function candidatesOf(task: Task): string[] {
  const { users = [], groups = [] } = task.candidates ?? {};
  if (users.length === 0 && groups.length === 0) return [ANYONE];
  return [...new Set([...users.map((user) => `user:${user}`), ...groups.map((group) => `group:${group}`)])];
}

function insert(sql: SqlStorage, task: Task, holder: string | null): void {
  sql.exec('INSERT INTO inbox (task_id, due_at, holder, type) VALUES (?, ?, ?, ?)', task.id, task.dueAt ?? NEVER_DUE, holder, task.type);
  for (const candidate of candidatesOf(task))
    sql.exec('INSERT INTO inbox_candidates (candidate, task_id) VALUES (?, ?)', candidate, task.id);
}

function remove(sql: SqlStorage, task: Task): void {
  sql.exec('DELETE FROM inbox WHERE task_id = ?', task.id);
  for (const candidate of candidatesOf(task))
    sql.exec('DELETE FROM inbox_candidates WHERE candidate = ? AND task_id = ?', candidate, task.id);
}
