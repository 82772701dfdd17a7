/** Logs and checkpoints: data of an attempt, no events, so that a chatty handler writes no history. */
import { MAX_LOG_LINES, MAX_LOG_LINE_LENGTH, type LogLine } from '../attempt.ts';
import type { TaskId } from '../id.ts';
import type { Json } from '../json.ts';
import type { AttemptNote } from '../assignment.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import { loadTask } from './rows.ts';

/** Keeps what attempts noted. A fence that is not the task's newest is dropped. */
export function writeNotes(sql: SqlStorage, notes: readonly AttemptNote[]): void {
  for (const { taskId, fence, logs = [], checkpoint } of notes) {
    if (loadTask(sql, taskId)?.task.fence !== fence) continue;
    const row = sql.exec('SELECT logs, checkpoint FROM attempt_notes WHERE task_id = ? AND fence = ?', taskId, fence).toArray()[0];
    const before = row === undefined ? [] : (JSON.parse(String(row['logs'])) as LogLine[]);
    const lines = [...before, ...logs]
      .slice(0, MAX_LOG_LINES)
      .map((line) => ({ ...line, message: line.message.slice(0, MAX_LOG_LINE_LENGTH) }));
    const kept = checkpoint === undefined ? (row?.['checkpoint'] ?? null) : JSON.stringify(checkpoint);
    sql.exec(
      'INSERT OR REPLACE INTO attempt_notes (task_id, fence, logs, checkpoint) VALUES (?, ?, ?, ?)',
      taskId,
      fence,
      JSON.stringify(lines),
      kept,
    );
  }
}

/** The last checkpoint any attempt of the task left. */
export function checkpointOf(sql: SqlStorage, taskId: TaskId): Json | undefined {
  const row = sql
    .exec('SELECT checkpoint FROM attempt_notes WHERE task_id = ? AND checkpoint IS NOT NULL ORDER BY fence DESC LIMIT 1', taskId)
    .toArray()[0];
  return row === undefined ? undefined : (JSON.parse(String(row['checkpoint'])) as Json);
}
