/** Counts beside the tasks: how many are in each status, and how many ended in each minute. Finished tasks are in no index that could be counted. */
import type { SqlStorage } from '../ledger-platform.ts';
import { TERMINAL_STATUSES } from '../task.ts';
import type { StoredTask } from './rows.ts';

/** A task of a commit, as it was stored and as it is now. */
export interface Move {
  readonly before: StoredTask | undefined;
  readonly stored: StoredTask | undefined;
}

const MINUTE_MS = 60_000;

/** Writes what the moves of one commit change in the counts: few rows, for most tasks of a commit move alike. */
export function writeTallies(sql: SqlStorage, moves: Iterable<Move>, now: number): void {
  const counted = new Map<string, number>();
  for (const { before, stored } of moves) {
    if (stored === undefined || stored.task.status === before?.task.status) continue;
    const { type, kind, system, status } = stored.task;
    const key = `${type}\n${kind}\n${system ? 1 : 0}\n${before?.task.status ?? ''}\n${status}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const tally = new Map<string, number>();
  const ended = new Map<string, number>();
  for (const [key, n] of counted) {
    const [type = '', kind = '', system = '', from = '', to = ''] = key.split('\n');
    const group = `${type}\n${kind}\n${system}`;
    if (from !== '') add(tally, `${group}\n${from}`, -n);
    add(tally, `${group}\n${to}`, n);
    if (system === '0' && (TERMINAL_STATUSES as readonly string[]).includes(to)) add(ended, to, n);
  }
  for (const [key, n] of tally) {
    const [type = '', kind = '', system = '', status = ''] = key.split('\n');
    if (n !== 0) sql.exec(ADD_TO_TALLY, type, kind, status, Number(system), n);
  }
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  for (const [status, n] of ended) sql.exec(ADD_TO_THROUGHPUT, minute, status, n);
}

const ADD_TO_TALLY =
  'INSERT INTO tally (type, kind, status, system, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n';
const ADD_TO_THROUGHPUT = 'INSERT INTO throughput (minute, status, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n';

function add(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}
