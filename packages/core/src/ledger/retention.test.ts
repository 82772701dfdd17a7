import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { firstTaskIdAt } from '../id.ts';
import type { LedgerPlatform, SqlValue } from '../ledger-platform.ts';
import { migrate } from './migrations.ts';
import { nextPassAt, PASS_BEGIN, sweep, type Pass } from './retention.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const MOST = 500;

function openBook() {
  const db = new DatabaseSync(':memory:');
  const sql: LedgerPlatform['sql'] = {
    exec(query, ...bindings: SqlValue[]) {
      const rows = db.prepare(query).all(...bindings) as Record<string, SqlValue>[];
      return { toArray: () => rows, rowsWritten: 0 };
    },
    databaseSize: 0,
  };
  const platform = { sql, transaction: <T>(work: () => T) => work(), now: () => NOW } as LedgerPlatform;
  migrate(platform);
  const add = (createdAt: number, status: string, retentionMs: number, idempotencyKey?: string): string => {
    const id = `${firstTaskIdAt(createdAt).slice(0, -6)}${String(count()).padStart(6, '0')}`;
    const spec = JSON.stringify({ retentionMs, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
    const state = JSON.stringify(status === 'queued' ? {} : { endedAt: createdAt + 1_000 });
    db.prepare(
      `INSERT INTO tasks (id, status, type, version, kind, system, lane, priority, in_flight, dispatches, ready, big_input, big_output, spec, state)
       VALUES (?, ?, 'example.sum', 1, 'automated', 0, 'automated', 3, 0, 0, 0, 0, 0, ?, ?)`,
    ).run(id, status, spec, state);
    db.prepare('INSERT INTO events (task_id, sequence, events) VALUES (?, 1, ?)').run(id, '[]');
    db.prepare(
      `INSERT INTO tally (type, kind, status, system, n) VALUES ('example.sum', 'automated', ?, 0, 1) ON CONFLICT DO UPDATE SET n = n + 1`,
    ).run(status);
    return id;
  };
  const count = () => Number(db.prepare('SELECT COUNT(*) AS n FROM tasks').get()?.['n']);
  const ids = () =>
    db
      .prepare('SELECT id FROM tasks')
      .all()
      .map((row) => String(row['id']));
  return { db, platform, add, count, ids };
}

function wholePass(platform: LedgerPlatform): number {
  let stretches = 0;
  for (let pass: Pass | undefined = PASS_BEGIN; pass !== undefined; pass = sweep(platform, pass, MOST)) stretches += 1;
  return stretches;
}

describe('retention', () => {
  it('deletes a finished task with all that belongs to it once its time is over', () => {
    const { db, platform, add, ids } = openBook();
    add(NOW - 10 * DAY_MS, 'completed', 9 * DAY_MS);
    const kept = [add(NOW - 10 * DAY_MS, 'completed', 11 * DAY_MS), add(NOW - 10 * DAY_MS, 'queued', 1)];
    wholePass(platform);
    expect(ids()).toEqual(kept);
    expect(db.prepare('SELECT COUNT(*) AS n FROM events').get()?.['n']).toBe(2);
    expect(db.prepare(`SELECT n FROM tally WHERE status = 'completed'`).get()?.['n']).toBe(1);
  });

  it('keeps a task as long as its idempotency key', () => {
    const { platform, add, ids } = openBook();
    const keyed = add(NOW - DAY_MS / 2, 'completed', 1_000, 'key');
    add(NOW - DAY_MS / 2, 'completed', 1_000);
    add(NOW - 2 * DAY_MS, 'completed', 1_000, 'old key');
    wholePass(platform);
    expect(ids()).toEqual([keyed]);
  });

  it('forgets idempotency keys after a day', () => {
    const { db, platform } = openBook();
    const insert = db.prepare('INSERT INTO idempotency (key, task_id, digest, at) VALUES (?, ?, ?, ?)');
    for (const [key, age] of [
      ['young', DAY_MS / 2],
      ['old', 2 * DAY_MS],
    ] as const)
      insert.run(key, 't', 'd', NOW - age);
    wholePass(platform);
    expect(db.prepare('SELECT key FROM idempotency').all()).toEqual([{ key: 'young' }]);
  });

  it('takes a bounded stretch at a time, and is due again an hour after it ended', () => {
    const { platform, add, count } = openBook();
    for (let i = 0; i < 1_200; i++) add(NOW - 10 * DAY_MS + i, 'completed', DAY_MS);
    const after = sweep(platform, PASS_BEGIN, MOST);
    expect(count()).toBe(700);
    expect(after).toBeDefined();
    expect(wholePass(platform)).toBeGreaterThan(1);
    expect(count()).toBe(0);
    expect(nextPassAt(platform.sql)).toBe(NOW + 3_600_000);
  });

  it('deletes the same where tasks that stay lie in between', () => {
    const { db, platform, add, ids } = openBook();
    const kept: string[] = [];
    for (let i = 0; i < 900; i++) {
      const id = add(NOW - 10 * DAY_MS + i, i % 3 === 0 ? 'failed' : 'completed', i % 7 === 0 ? 30 * DAY_MS : DAY_MS);
      if (i % 7 === 0) kept.push(id);
    }
    wholePass(platform);
    expect(ids()).toEqual(kept);
    expect(db.prepare('SELECT COUNT(*) AS n FROM events').get()?.['n']).toBe(kept.length);
    expect(db.prepare('SELECT SUM(n) AS n FROM tally').get()?.['n']).toBe(kept.length);
  });

  it('ends where tasks begin that are too young to go', () => {
    const { platform, add } = openBook();
    for (let i = 0; i < 6_000; i++) add(NOW - 1_000_000 + i, 'completed', 0);
    expect(wholePass(platform)).toBe(1);
  });

  it('keeps a task for as long as its submit may be repeated, whatever its retention', () => {
    const { platform, add, ids } = openBook();
    add(NOW - 3_700_000, 'completed', 0);
    const kept = add(NOW - 3_000_000, 'completed', 0);
    wholePass(platform);
    expect(ids()).toEqual([kept]);
  });
});
