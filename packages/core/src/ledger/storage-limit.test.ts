import { describe, expect, it } from 'vitest';
import type { TaskCommand } from '../command.ts';
import { SYSTEM } from '../actor.ts';
import type { Ledger } from './ledger.ts';
import { START } from '../lifecycle/given.fixture.ts';
import { ask, begin, openLedger, read, spec, submit, WORKER } from './open-ledger.fixture.ts';
import { FULL_AT_BYTES } from './storage-limit.ts';

const HOUR_MS = 3_600_000;

function submission(over: Partial<TaskCommand> = {}): TaskCommand {
  const task = spec();
  return { taskId: task.id, command: { type: 'submit', actor: SYSTEM, spec: task }, ...over };
}

async function codeOf(ledger: Ledger, command: TaskCommand): Promise<string> {
  const [result] = await ledger.execute([command]);
  return result?.ok === true ? result.task.status : String(result?.rejection.code);
}

/** A ledger that holds one task with a key, and has become full since. */
async function openFull() {
  const opened = openLedger();
  const task = spec({ callbackUrl: 'https://caller.example/done' });
  await submit(opened.ledger, task, 'known');
  opened.turn.databaseSize = FULL_AT_BYTES;
  opened.turn.now += 1_000;
  return { ...opened, task };
}

describe('a ledger whose database is full', () => {
  it('refuses a new task, and stores nothing of it, nor of its key', async () => {
    const { ledger, sql } = await openFull();
    const rows = () => ['tasks', 'events', 'idempotency', 'tally'].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray());
    const before = rows();
    expect(await codeOf(ledger, submission())).toBe('storage_full');
    expect(await codeOf(ledger, submission({ idempotency: { key: 'new', digest: 'd' } }))).toBe('storage_full');
    expect(rows()).toEqual(before);
  });

  it('answers a repetition of a known key, and of a known id', async () => {
    const { ledger, task } = await openFull();
    const [byKey, byId] = await ledger.submit([
      submission({ idempotency: { key: 'known', digest: 'd' } }),
      { taskId: task.id, command: { type: 'submit', actor: SYSTEM, spec: task } },
    ]);
    expect(byKey).toEqual({ ok: true, id: task.id, status: 'queued', replayed: true });
    expect(byId).toMatchObject({ ok: true, id: task.id });
    expect(await codeOf(ledger, submission({ idempotency: { key: 'known', digest: 'other' } }))).toBe('idempotency_conflict');
  });

  it('refuses of one call only the new tasks', async () => {
    const { ledger, task } = await openFull();
    const results = await ledger.execute([
      submission(),
      { taskId: task.id, command: { type: 'pause', actor: SYSTEM } },
      submission({ idempotency: { key: 'known', digest: 'd' } }),
    ]);
    expect(results.map((result) => (result.ok ? result.task.status : result.rejection.code))).toEqual(['storage_full', 'paused', 'paused']);
  });

  it('begins and finishes the tasks it has, and inserts their callbacks', async () => {
    const { ledger, task } = await openFull();
    const fence = await begin(ledger, task.id);
    await ask(ledger, task.id, { type: 'heartbeat', actor: WORKER, fence });
    await ask(ledger, task.id, { type: 'report', actor: WORKER, fence, outcome: { kind: 'completed', output: 3 }, delayFraction: 0.5 });
    expect((await read(ledger, task.id)).status).toBe('completed');
    const { items } = await ledger.list({ system: true, type: 'errand.callback' }, null, 10);
    expect(items.map(({ input }) => input)).toMatchObject([{ taskId: task.id }]);
  });

  it('redrives a task that it has', async () => {
    const { ledger, task } = await openFull();
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    await ask(ledger, task.id, { type: 'redrive', actor: SYSTEM });
    expect(await read(ledger, task.id)).toMatchObject({ status: 'queued', generation: 2 });
  });

  it('deletes what has outlived its retention', async () => {
    const { ledger, task, turn } = await openFull();
    await ask(ledger, task.id, { type: 'cancel', actor: SYSTEM });
    turn.now += 48 * HOUR_MS;
    await ledger.tick();
    expect(await ledger.read([task.id])).toEqual([null]);
  });

  it('reserves no new key, and tells which task a known one has', async () => {
    const { ledger, task } = await openFull();
    const reserve = (key: string) => ledger.reserve([{ key, taskId: spec().id, digest: 'd' }]);
    expect(await reserve('new')).toMatchObject([{ ok: false, rejection: { code: 'storage_full' } }]);
    expect(await reserve('known')).toEqual([{ ok: true, taskId: task.id }]);
  });

  it('makes no task under a reserved id, and answers a repetition of one it made', async () => {
    const { ledger, task } = await openFull();
    expect(await codeOf(ledger, submission({ reserved: true }))).toBe('storage_full');
    expect(await codeOf(ledger, { ...submission({ reserved: true }), taskId: task.id })).toBe('queued');
  });

  it('takes new tasks again within a second of having room', async () => {
    const { ledger, turn } = await openFull();
    expect(await codeOf(ledger, submission())).toBe('storage_full');
    turn.databaseSize = FULL_AT_BYTES - 1;
    turn.now += 1_000;
    expect(await codeOf(ledger, submission())).toBe('queued');
  });
});

describe('the size of a database', () => {
  it('is looked at once a second', async () => {
    let looks = 0;
    const { reopen, platform, turn } = openLedger();
    const sql = {
      exec: platform.sql.exec,
      get databaseSize() {
        looks += 1;
        return 0;
      },
    };
    const ledger = reopen({ sql });
    for (let i = 0; i < 10; i += 1) await submit(ledger, spec());
    expect(looks).toBe(1);
    turn.now += 1_000;
    await submit(ledger, spec());
    expect(looks).toBe(2);
  });

  it('is looked at anew when the clock was set back', async () => {
    const { ledger, turn } = openLedger();
    turn.databaseSize = FULL_AT_BYTES;
    expect(await codeOf(ledger, submission())).toBe('storage_full');
    turn.databaseSize = 0;
    turn.now = START - HOUR_MS;
    expect(await codeOf(ledger, submission())).toBe('queued');
  });
});
