/**
 * Finished tasks by the million, as rows: to submit them would take longer than to measure. Each is a copy of one that the service
 * performed itself, with its events, under an id of its own and ended long ago. The service must stand still meanwhile.
 */
import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { mintTaskId, TASK_ID_RANDOM_BYTES } from '@errand/core/id';
import { addressOfObject } from '@errand/core/object-name';
import { fileOfObject } from '@errand/edge-worker/runtimes/local/object-files';
import type { RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';

/** The one ledger of the namespace that development begins with. */
const OBJECT = 'default/0/ledger/0';
const DAY_MS = 86_400_000;
/** Twice the retention of the tasks that are copied. */
const OLD_MS = 60 * DAY_MS;

/** The file of the ledger that a runtime keeps in its data directory. */
export function bookIn(directory: string, runtime: RuntimeName): string {
  if (runtime !== 'workerd') return join(directory, 'local', 'objects', fileOfObject(OBJECT));
  const folder = join(directory, 'workerd', 'do', 'errand-LedgerObject');
  const [file, ...others] = readdirSync(folder).filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite');
  if (file === undefined || others.length > 0) throw new Error(`${folder} should have one ledger, and has ${1 + others.length}.`);
  return join(folder, file);
}

/** Copies the first finished task and its events `count` times, as if they had ended 60 days ago, one after the other within a day. */
export function fill(book: string, count: number): void {
  const db = new DatabaseSync(book);
  const columns = db.prepare('SELECT * FROM tasks LIMIT 1').columns();
  const names = columns.flatMap(({ name }) => (name === 'id' || name === 'state' ? [] : [name])).join(', ');
  const copyTask = db.prepare(
    `INSERT INTO tasks (id, state, ${names}) SELECT ?, json_set(state, '$.endedAt', ?), ${names} FROM tasks WHERE id = ?`,
  );
  const copyEvents = db.prepare('INSERT INTO events (task_id, sequence, events) SELECT ?, sequence, events FROM events WHERE task_id = ?');
  const template = String(db.prepare(`SELECT id FROM tasks WHERE status = 'completed' LIMIT 1`).get()?.['id']);
  const from = Date.now() - OLD_MS;
  db.exec('BEGIN');
  for (let n = 0; n < count; n += 1) {
    const at = from + Math.floor((n / count) * DAY_MS);
    const id = mintTaskId(at, addressOfObject(OBJECT), crypto.getRandomValues(new Uint8Array(TASK_ID_RANDOM_BYTES)));
    copyTask.run(id, at, template);
    copyEvents.run(id, template);
  }
  db.exec(`UPDATE tally SET n = n + ${count} WHERE status = 'completed' AND type = 'example.sum'; COMMIT`);
  db.close();
}

/** When the next pass of retention begins: in an hour, or with the next start. */
export function setRetention(book: string, when: 'at rest' | 'due'): void {
  const db = new DatabaseSync(book);
  db.prepare(`INSERT OR REPLACE INTO passes (name, ended_at) VALUES ('retention', ?)`).run(when === 'due' ? 0 : Date.now());
  db.close();
}

/** How many tasks a book holds, whatever has become of them. */
export function tasksIn(book: string): number {
  const db = new DatabaseSync(book);
  const n = Number(db.prepare('SELECT COUNT(*) AS n FROM tasks').get()?.['n']);
  db.close();
  return n;
}
