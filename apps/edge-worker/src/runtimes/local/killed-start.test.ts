import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { becomeReady } from '../../become-ready.ts';
import { newSecrets } from '../secrets.ts';
import { openLocalService } from './service.ts';

const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const parent = mkdtempSync(join(PARENT, 'errand killed start '));
afterAll(() => rmSync(parent, { recursive: true }));

const SETTINGS = {
  keyEncryptionKey: 'k'.repeat(32),
  publicUrl: undefined,
  egressAllow: '',
  places: { submits: 256 },
  development: newSecrets('dev'),
  processId: undefined,
};

/** A first start, up to where tasks are accepted: it makes every file and applies every migration, the inbox's too. */
async function startFirst(directory: string): Promise<void> {
  const local = openLocalService({ directory, settings: SETTINGS, definitions: [], assets: undefined });
  try {
    await becomeReady(local.service);
    await local.service.objects.inbox('default/0/inbox/0').touch();
  } finally {
    await local.stop(0, async () => {});
  }
}

/** Tables and indexes of every file, and the rows that must be there once. */
function contents(directory: string): Record<string, unknown> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sqlite'));
  return Object.fromEntries(
    files.toSorted().map((path) => {
      const db = new DatabaseSync(join(directory, path), { readOnly: true });
      const all = (query: string) => db.prepare(query).all();
      const schema = all('SELECT type, name, sql FROM sqlite_master ORDER BY type, name');
      const numbers = schema.some((row) => row['name'] === 'migrations') ? all('SELECT number FROM migrations ORDER BY number') : [];
      const sound = all('PRAGMA integrity_check');
      db.close();
      return [path, { schema, numbers, sound }];
    }),
  );
}

/** Copies the directory before every call of SQLite: what a process that is killed there leaves behind. */
async function withSnapshots(directory: string, work: () => Promise<void>): Promise<string[]> {
  const snapshots: string[] = [];
  const snap = (): void => {
    const copy = `${directory} ${snapshots.length}`;
    // Not the shared memory: it belongs to processes that live.
    if (existsSync(directory)) cpSync(directory, copy, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    snapshots.push(copy);
  };
  const patched = [
    [DatabaseSync.prototype, 'exec'],
    [DatabaseSync.prototype, 'close'],
    [StatementSync.prototype, 'run'],
    [StatementSync.prototype, 'all'],
  ] as unknown as readonly (readonly [Record<string, (...args: unknown[]) => unknown>, string])[];
  const originals = patched.map(([prototype, name]) => prototype[name]);
  for (const [prototype, name] of patched) {
    const original = prototype[name];
    prototype[name] = function call(this: unknown, ...args: unknown[]) {
      snap();
      return original?.apply(this, args);
    };
  }
  try {
    await work();
  } finally {
    patched.forEach(([prototype, name], i) => {
      const original = originals[i];
      if (original !== undefined) prototype[name] = original;
    });
  }
  return snapshots;
}

describe('a first start that is killed', () => {
  it('is finished by the next one, whichever statement it was killed at', async () => {
    const whole = join(parent, 'whole');
    const snapshots = await withSnapshots(whole, () => startFirst(whole));
    const wanted = contents(whole);
    expect(snapshots.length).toBeGreaterThan(60);
    for (const [i, snapshot] of snapshots.entries()) {
      await startFirst(snapshot);
      expect(contents(snapshot), `killed at call ${i}`).toEqual(wanted);
    }
  }, 60_000);
});
