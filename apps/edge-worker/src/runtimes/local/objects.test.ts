import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ObjectIndex } from './object-index.ts';
import { LocalObjects, type ObjectPlace } from './objects.ts';
import { StoredFiles } from './stored-files.ts';

interface Counter {
  count(): Promise<number>;
  arm(at: number): Promise<void>;
  hold(): Promise<void>;
}

let directory: string;
let files: StoredFiles;
let opened: LocalObjects<Counter>[];
const rung: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'errand objects '));
  files = new StoredFiles();
  opened = [];
  rung.length = 0;
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  files.closeAll();
  rmSync(directory, { recursive: true });
});

/** Objects that count their calls in their file and note their alarms. One called `broken` cannot be made. */
function open(index = new ObjectIndex(files.at(join(directory, 'index.sqlite')))): LocalObjects<Counter> {
  const objects = new LocalObjects<Counter>({
    index,
    storage: (name) => files.at(join(directory, `${name}.sqlite`)),
    create: (place) => ({ face: counter(place), alarm: async () => void rung.push(place.name), idle: () => true }),
    now: () => Date.now(),
  });
  opened.push(objects);
  objects.start();
  return objects;
}

function counter({ name, storage, setAlarm }: ObjectPlace): Counter {
  if (name === 'broken') throw new Error('It cannot be made.');
  storage.sql.exec('CREATE TABLE IF NOT EXISTS calls (n INTEGER)');
  return {
    async count() {
      storage.sql.exec('INSERT INTO calls VALUES (1)');
      return Number(storage.sql.exec('SELECT COUNT(*) AS n FROM calls').one()['n']);
    },
    arm: async (at) => setAlarm(at),
    hold: () => new Promise(() => {}),
  };
}

describe('local objects', () => {
  it('look again, after a stop, at what was under way', async () => {
    const before = open();
    void before.get('a').hold();
    await before.get('b').count();
    before.stop();
    const after = open();
    await expect.poll(() => rung).toEqual(['a']);
    after.stop();
  });

  it('look again, after a crash, at all that were loaded', async () => {
    const before = open();
    await before.get('a').count();
    await before.get('b').arm(Date.now() + 3_600_000);
    // Not stopped: a process that is killed writes nothing.
    const after = open();
    await expect.poll(() => rung.toSorted()).toEqual(['a', 'b']);
    before.stop();
    after.stop();
  });

  it('refuse the storage to an instance that was unloaded', async () => {
    const objects = open();
    let stale: ObjectPlace | undefined;
    const other = new LocalObjects<Counter>({
      index: new ObjectIndex(files.at(join(directory, 'other.sqlite'))),
      storage: (name) => files.at(join(directory, `${name}.sqlite`)),
      create: (place) => {
        stale = place;
        return { face: counter(place), alarm: async () => {}, idle: () => true };
      },
      now: () => Date.now(),
    });
    await other.get('a').count();
    other.unloadIdle(0);
    expect(() => stale?.storage.sql.exec('SELECT 1 AS one')).toThrow('no longer loaded');
    expect(await objects.get('a').count()).toBe(2);
    other.stop();
    objects.stop();
  });

  it('ring although one of them cannot be made, whose call rejects', async () => {
    const objects = open();
    await expect(objects.get('broken').count()).rejects.toThrow('cannot be made');
    await objects.get('fine').arm(Date.now() + 30);
    await expect.poll(() => rung).toEqual(['fine']);
    objects.stop();
  });

  it('go on when the index can neither be read nor written', async () => {
    const file = files.at(join(directory, 'index.sqlite'));
    const objects = open(new ObjectIndex(file));
    await objects.get('a').arm(Date.now() + 50);
    file.retire();
    objects.unloadIdle(0);
    await expect.poll(() => rung).toEqual(['a']);
    await expect(objects.get('b').count()).rejects.toThrow('no longer loaded');
    expect(await objects.get('a').count()).toBe(1);
    objects.stop();
    const after = open();
    await expect.poll(() => rung).toEqual(['a', 'a']);
    after.stop();
  });
});
