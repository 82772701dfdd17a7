/**
 * The inbox beside a ledger: lists of the tasks that wait for people, by who may take them, who holds them and when they are due. It
 * only lists; claims and completions are commands, decided in `core/lifecycle/decide-manual.ts`.
 */
import type { TaskId } from '@errand/core/id';
import { loadTask } from '@errand/core/ledger/rows';
import { MAX_COUNTED, type InboxCount, type InboxPage, type InboxQuery, type InboxView } from '@errand/core/inbox-query';
import type { LedgerPlatform, SqlStorage, SqlValue, TablesBeside } from '@errand/core/ledger-platform';
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
    const counts = {
      mine: this.#count('mine', query, now),
      groups: this.#count('groups', query, now),
      all: this.#count('all', query, now),
    };
    const wide = counts.groups.open >= MAX_COUNTED;
    const conditions = [viewCondition(query, wide), ...filters(query, now), ...afterCondition(query)];
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
      counts,
    };
  }

  #count(view: InboxView, query: InboxQuery, now: number): InboxCount {
    const { sql, bindings } = idsOf(view, query);
    const [row] = this.#sql
      .exec(
        `SELECT COUNT(*) AS open, COALESCE(SUM(i.holder IS NULL), 0) AS unclaimed, COALESCE(SUM(i.due_at < ?), 0) AS overdue
         FROM (${sql} LIMIT ?) v JOIN inbox i ON i.task_id = v.task_id`,
        now,
        ...bindings,
        MAX_COUNTED,
      )
      .toArray();
    return { open: Number(row?.['open'] ?? 0), unclaimed: Number(row?.['unclaimed'] ?? 0), overdue: Number(row?.['overdue'] ?? 0) };
  }
}

const OFFERED = 'SELECT DISTINCT task_id FROM inbox_candidates WHERE candidate IN (SELECT value FROM json_each(?))';
const HELD = 'SELECT task_id FROM inbox WHERE holder = ?';

/** A query for the ids of a view. A person's names are one JSON parameter, for a Durable Object takes at most 100 parameters. */
function idsOf(view: InboxView, { person, admin }: InboxQuery): Condition {
  if (view === 'all' && admin) return { sql: 'SELECT task_id FROM inbox', bindings: [] };
  if (person === undefined) return { sql: 'SELECT task_id FROM inbox WHERE 0', bindings: [] };
  const names = JSON.stringify(namesOf(person));
  switch (view) {
    case 'mine':
      return { sql: HELD, bindings: [person.id] };
    case 'groups':
      return { sql: OFFERED, bindings: [names] };
    case 'all':
      return { sql: `SELECT task_id FROM (${HELD} UNION ${OFFERED})`, bindings: [person.id, names] };
  }
}

/**
 * The condition that rows of a view fulfil. Of a small view SQLite gathers all ids and sorts them. Of a `wide` one, with thousands of
 * tasks, the first page comes sooner by walking the index in order and asking of each row whether it belongs to the view.
 */
function viewCondition(query: InboxQuery, wide: boolean): Condition {
  const { view, person, admin } = query;
  if (view === 'all' && admin) return { sql: '1', bindings: [] };
  if (view === 'mine' && person !== undefined) return { sql: 'i.holder = ?', bindings: [person.id] };
  if (!wide || person === undefined) {
    const { sql, bindings } = idsOf(view, query);
    return { sql: `i.task_id IN (${sql})`, bindings };
  }
  const offered = 'EXISTS (SELECT 1 FROM json_each(?) n JOIN inbox_candidates c ON c.candidate = n.value AND c.task_id = i.task_id)';
  const names = JSON.stringify(namesOf(person));
  return view === 'groups' ? { sql: offered, bindings: [names] } : { sql: `(i.holder = ? OR ${offered})`, bindings: [person.id, names] };
}

function filters({ type, version, unclaimed, overdue, text }: InboxQuery, now: number): Condition[] {
  const found: Condition[] = [];
  if (type !== undefined) found.push({ sql: 'i.type = ?', bindings: [type] });
  if (version !== undefined) found.push({ sql: 't.version = ?', bindings: [version] });
  if (unclaimed === true) found.push({ sql: 'i.holder IS NULL', bindings: [] });
  if (overdue === true) found.push({ sql: 'i.due_at < ?', bindings: [now] });
  if (text !== undefined) {
    // SQLite's `lower` knows ASCII letters only, so the text is lowered the same way. It is searched in JSON, and so must be escaped as
    // JSON. `LIKE` would do it, but a Durable Object refuses long patterns.
    const lower = text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const written = JSON.stringify(lower).slice(1, -1);
    // The first `instr` on the whole row sorts out most rows: taking its JSON apart costs ten times as much.
    found.push({
      sql: `(instr(lower(i.type), ?) > 0 OR
        instr(lower(t.spec), ?) > 0 AND (instr(lower(t.spec ->> '$.tags'), ?) > 0 OR instr(lower(t.spec ->> '$.input'), ?) > 0))`,
      bindings: [lower, written, written, written],
    });
  }
  return found;
}

/** The position of a page's last row in the order of the list, from which the next page goes on. */
function positionOf({ sort }: InboxQuery, row: Record<string, SqlValue>): string {
  return sort === 'due' ? `${String(row['due_at'])}:${String(row['task_id'])}` : String(row['task_id']);
}

function afterCondition({ sort, after }: InboxQuery): Condition[] {
  if (after === null) return [];
  if (sort === 'newest') return [{ sql: 'i.task_id < ?', bindings: [after] }];
  const [dueAt = String(NEVER_DUE), taskId = ''] = after.split(':');
  return [{ sql: '(i.due_at, i.task_id) > (?, ?)', bindings: [Number(dueAt), taskId] }];
}
