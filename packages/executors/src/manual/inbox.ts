/**
 * The inbox over a ledger: lists of the tasks that wait for people, by who may take them, who holds them and when they are
 * due. It reads; claims and completions are the ledger's (`core/lifecycle/decide-manual.ts`).
 */
import type { TaskId } from '@errand/core/id';
import { loadTask } from '@errand/core/ledger/rows';
import {
  MAX_COUNTED,
  type InboxCount,
  type InboxPage,
  type InboxQuery,
  type InboxView,
  type LedgerPlatform,
  type SqlStorage,
  type SqlValue,
  type TablesBeside,
} from '@errand/core/ports';
import type { Task } from '@errand/core/task';
import { migrateInbox, namesOf, NEVER_DUE, writeInbox } from './inbox-tables.ts';

interface Condition {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

export class Inbox implements TablesBeside {
  readonly #sql: SqlStorage;
  readonly #now: () => number;

  /** Opens the tables beside the ledger's, in the same storage. */
  constructor(platform: Pick<LedgerPlatform, 'sql' | 'transaction' | 'now'>) {
    this.#sql = platform.sql;
    this.#now = platform.now;
    migrateInbox(platform);
  }

  write(changed: readonly Task[]): void {
    writeInbox(this.#sql, changed);
  }

  /** A page of one view, and how much is in each. */
  list(query: InboxQuery): InboxPage {
    const now = this.#now();
    const conditions = [viewCondition(query.view, query), ...filters(query, now), ...afterCondition(query)];
    const rows = this.#sql
      .exec(
        `SELECT i.task_id, i.due_at FROM inbox i JOIN tasks t ON t.id = i.task_id WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
         ORDER BY ${query.sort === 'due' ? 'i.due_at, i.task_id' : 'i.task_id DESC'} LIMIT ?`,
        ...conditions.flatMap(({ bindings }) => bindings),
        query.limit + 1,
      )
      .toArray();
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.flatMap((row) => loadTask(this.#sql, String(row['task_id']) as TaskId)?.task ?? []),
      next: last === undefined ? null : positionOf(query, last),
      counts: {
        mine: this.#count('mine', query, now),
        groups: this.#count('groups', query, now),
        all: this.#count('all', query, now),
      },
    };
  }

  #count(view: InboxView, query: InboxQuery, now: number): InboxCount {
    const { sql, bindings } = viewCondition(view, query);
    const [row] = this.#sql
      .exec(
        `SELECT COUNT(*) AS open, COALESCE(SUM(holder IS NULL), 0) AS unclaimed, COALESCE(SUM(due_at < ?), 0) AS overdue
         FROM (SELECT i.holder, i.due_at FROM inbox i WHERE ${sql} LIMIT ?)`,
        now,
        ...bindings,
        MAX_COUNTED,
      )
      .toArray();
    return { open: Number(row?.['open'] ?? 0), unclaimed: Number(row?.['unclaimed'] ?? 0), overdue: Number(row?.['overdue'] ?? 0) };
  }
}

/** What a view holds. A person with many groups is one parameter: there may be a hundred at most. */
function viewCondition(view: InboxView, { person, admin }: InboxQuery): Condition {
  if (view === 'all' && admin) return { sql: '1', bindings: [] };
  if (person === undefined) return { sql: '0', bindings: [] };
  const offered: Condition = {
    sql: 'i.task_id IN (SELECT task_id FROM inbox_candidates WHERE candidate IN (SELECT value FROM json_each(?)))',
    bindings: [JSON.stringify(namesOf(person))],
  };
  switch (view) {
    case 'mine':
      return { sql: 'i.holder = ?', bindings: [person.id] };
    case 'groups':
      return offered;
    case 'all':
      return { sql: `(i.holder = ? OR ${offered.sql})`, bindings: [person.id, ...offered.bindings] };
  }
}

function filters({ type, unclaimed, overdue, text }: InboxQuery, now: number): Condition[] {
  const found: Condition[] = [];
  if (type !== undefined) found.push({ sql: 'i.type = ?', bindings: [type] });
  if (unclaimed === true) found.push({ sql: 'i.holder IS NULL', bindings: [] });
  if (overdue === true) found.push({ sql: 'i.due_at < ?', bindings: [now] });
  if (text !== undefined) {
    // SQLite lowers ASCII only. The text is looked for in JSON, so as JSON writes it; `LIKE` would refuse a long one on a Durable Object.
    const lower = text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const written = JSON.stringify(lower).slice(1, -1);
    found.push({
      sql: `(instr(lower(i.type), ?) > 0 OR instr(lower(t.spec ->> '$.tags'), ?) > 0 OR instr(lower(t.spec ->> '$.input'), ?) > 0)`,
      bindings: [lower, written, written],
    });
  }
  return found;
}

/** A position is where the last row of a page stands in the order. */
function positionOf({ sort }: InboxQuery, row: Record<string, SqlValue>): string {
  return sort === 'due' ? `${String(row['due_at'])}:${String(row['task_id'])}` : String(row['task_id']);
}

function afterCondition({ sort, after }: InboxQuery): Condition[] {
  if (after === null) return [];
  if (sort === 'newest') return [{ sql: 'i.task_id < ?', bindings: [after] }];
  const [dueAt = String(NEVER_DUE), taskId = ''] = after.split(':');
  return [{ sql: '(i.due_at, i.task_id) > (?, ?)', bindings: [Number(dueAt), taskId] }];
}
