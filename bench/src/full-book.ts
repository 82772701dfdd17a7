/**
 * `npm run bench:full-book`: the same load on an empty book and on one with very many finished tasks, which retention deletes
 * meanwhile. The finished tasks are copies of one that the service performed, each under an id of its own, written while the
 * service stands still: to submit a million would take longer than to measure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mintTaskId, TASK_ID_RANDOM_BYTES } from '@errand/core/id';
import { addressOfObject } from '@errand/core/object-name';
import { fileOfObject } from '@errand/edge-worker/runtimes/local/object-files';
import { startErrand } from './errand-target.ts';
import { load, single, type Load, type Size } from './measure.ts';

const { values } = parseArgs({
  options: { finished: { type: 'string', default: '1000000' }, tasks: { type: 'string', default: '10000' } },
});
const finished = Number(values.finished);
const size: Size = { tasks: Number(values.tasks), loadMs: 60_000, warmUp: 3_000, lone: 0, traced: 0 };
/** The one ledger of the namespace that development begins with. */
const OBJECT = 'default/0/ledger/0';
const DAY_MS = 86_400_000;
const OLD_MS = 60 * DAY_MS;

const directory = mkdtempSync(join(tmpdir(), 'errand full book '));
try {
  report('an empty book', await measured());
  const begun = performance.now();
  const book = join(directory, 'local', 'objects', fileOfObject(OBJECT));
  fill(book);
  console.log(`${finished.toLocaleString('en')} finished tasks were written in ${Math.round((performance.now() - begun) / 1_000)} s.`);
  setRetention(book, 'at rest');
  report('a full book, retention at rest', await measured());
  setRetention(book, 'due');
  report('a full book, retention deleting', await measured());
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measured(): Promise<Load> {
  const target = await startErrand('node', directory);
  try {
    await load(target, { ...size, tasks: size.warmUp }, single);
    return await load(target, size, single);
  } finally {
    await target.stop();
  }
}

/** Copies the first finished task and its events `finished` times, as if they had ended long ago. */
function fill(path: string): void {
  const db = new DatabaseSync(path);
  const columns = db.prepare('SELECT * FROM tasks LIMIT 1').columns();
  const names = columns.flatMap(({ name }) => (name === 'id' || name === 'state' ? [] : [name])).join(', ');
  const copyTask = db.prepare(
    `INSERT INTO tasks (id, state, ${names}) SELECT ?, json_set(state, '$.endedAt', ?), ${names} FROM tasks WHERE id = ?`,
  );
  const copyEvents = db.prepare('INSERT INTO events (task_id, sequence, events) SELECT ?, sequence, events FROM events WHERE task_id = ?');
  const template = String(db.prepare(`SELECT id FROM tasks WHERE status = 'completed' LIMIT 1`).get()?.['id']);
  const from = Date.now() - OLD_MS;
  db.exec('BEGIN');
  for (let n = 0; n < finished; n += 1) {
    const at = from + Math.floor((n / finished) * DAY_MS);
    const id = mintTaskId(at, addressOfObject(OBJECT), crypto.getRandomValues(new Uint8Array(TASK_ID_RANDOM_BYTES)));
    copyTask.run(id, at, template);
    copyEvents.run(id, template);
  }
  db.exec(`UPDATE tally SET n = n + ${finished} WHERE status = 'completed' AND type = 'example.sum'; COMMIT`);
  db.close();
}

/** When the next pass of retention begins: in an hour, or with the next start. */
function setRetention(path: string, when: 'at rest' | 'due'): void {
  const db = new DatabaseSync(path);
  db.prepare(`INSERT OR REPLACE INTO passes (name, ended_at) VALUES ('retention', ?)`).run(when === 'due' ? 0 : Date.now());
  db.close();
}

function report(what: string, { submitsPerSecond, donePerSecond, cpuMicrosPerTask }: Load): void {
  const [submits, done, cpu] = [submitsPerSecond, donePerSecond, cpuMicrosPerTask].map((one) => Math.round(one).toLocaleString('en'));
  console.log(`On ${what}: ${submits} submits/s, ${done} done/s, ${cpu} µs of CPU per task`);
}
