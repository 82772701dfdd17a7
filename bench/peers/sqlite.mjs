/** A floor: the front over `node:sqlite`, every commit on the disk, and one commit for all that an instant brings. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { perform, serve } from './front.mjs';

const db = new DatabaseSync(join(process.env.PEER_DIRECTORY, 'floor.sqlite'));
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
db.exec('CREATE TABLE tasks (id TEXT PRIMARY KEY, input TEXT NOT NULL, status TEXT NOT NULL, output TEXT) WITHOUT ROWID');
const insert = db.prepare(`INSERT INTO tasks (id, input, status) VALUES (?, ?, 'queued')`);
const complete = db.prepare(`UPDATE tasks SET status = 'completed', output = ? WHERE id = ?`);
const select = db.prepare('SELECT status, output FROM tasks WHERE id = ?');

let submitted = [];
let performed = [];
let armed = false;
let completed = 0;

function arm() {
  if (armed) return;
  armed = true;
  setImmediate(commit);
}

function commit() {
  armed = false;
  const [accepted, ended] = [submitted, performed];
  submitted = [];
  performed = [];
  db.exec('BEGIN');
  for (const { id, input } of accepted) insert.run(id, JSON.stringify(input));
  for (const { id, output } of ended) complete.run(JSON.stringify(output), id);
  db.exec('COMMIT');
  completed += ended.length;
  for (const { id, input, accept } of accepted) {
    accept(id);
    performed.push({ id, output: perform(input) });
  }
  if (performed.length > 0) arm();
}

function submit(input) {
  return new Promise((accept) => {
    submitted.push({ id: randomUUID(), input, accept });
    arm();
  });
}

serve({
  submit,
  submitMany: (inputs) => Promise.all(inputs.map(submit)),
  async read(id) {
    const row = select.get(id);
    return row && { status: row.status, output: row.output === null ? undefined : JSON.parse(row.output) };
  },
  completed: async () => completed,
});
