/** What a ledger tells of itself to whoever watches it: counts, and what waits in its lanes. */
import type { TaskId } from '../id.ts';
import type { LedgerGauges } from '../ledger-object.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import type { Status } from '../task.ts';
import type { CountedSql } from './counted-sql.ts';
import { loadTask } from './rows.ts';

/** Tasks of the service itself are left out. */
export function readGauges(sql: CountedSql): LedgerGauges {
  const tally = sql.exec('SELECT type, kind, status, n FROM tally WHERE system = 0 AND n > 0').toArray();
  const ended = sql.exec('SELECT status, SUM(n) AS n FROM throughput GROUP BY status').toArray();
  return {
    tally: tally.map((row) => [String(row['type']), String(row['kind']), String(row['status']) as Status, Number(row['n'])]),
    ended: ended.map((row) => [String(row['status']) as Status, Number(row['n'])]),
    lanes: waitingLanes(sql),
    rowsWritten: sql.rowsWritten,
  };
}

/** Queued tasks by lane, with the time the oldest of them became due: those in the ledger, and those handed over and not begun. */
function waitingLanes(sql: SqlStorage): LedgerGauges['lanes'] {
  const lanes = new Map<string, { waiting: number; oldestAt: number }>();
  const held = sql.exec('SELECT lane, COUNT(*) AS n, MIN(id) AS id FROM tasks WHERE ready = 1 GROUP BY lane').toArray();
  const handedOver = sql
    .exec(
      `SELECT lane, COUNT(*) AS n, MIN(id) AS id FROM tasks WHERE in_flight = 1 AND wake_at IS NOT NULL AND status = 'queued' GROUP BY lane`,
    )
    .toArray();
  for (const row of [...held, ...handedOver]) {
    const lane = String(row['lane']);
    const dueAt = loadTask(sql, String(row['id']) as TaskId)?.task.scheduledAt ?? Number.POSITIVE_INFINITY;
    const known = lanes.get(lane) ?? { waiting: 0, oldestAt: Number.POSITIVE_INFINITY };
    lanes.set(lane, { waiting: known.waiting + Number(row['n']), oldestAt: Math.min(known.oldestAt, dueAt) });
  }
  return [...lanes].map(([lane, { waiting, oldestAt }]) => [lane, waiting, oldestAt]);
}
