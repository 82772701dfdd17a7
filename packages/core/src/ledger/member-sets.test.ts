import { describe, expect, it } from 'vitest';
import { ask, openLedger, read, spec, submit, WORKER } from './open-ledger.fixture.ts';
import { loadTask } from './rows.ts';

describe('the members that tasks have in common', () => {
  it('are stored once, and read back with each of them', async () => {
    const { ledger, sql } = openLedger();
    const tasks = [await submit(ledger, spec()), await submit(ledger, spec({ input: { a: 5, b: 6 } }))];
    expect(sql.exec('SELECT COUNT(*) AS n FROM commons').toArray()).toEqual([{ n: 1 }]);
    for (const task of tasks) expect(loadTask(sql, task.id)?.task).toEqual(await read(ledger, task.id));
  });

  it('are another set where a task has its own options', async () => {
    const { ledger, sql } = openLedger();
    const { id } = await submit(ledger, spec());
    await ask(ledger, id, { type: 'update', actor: WORKER, options: { timeouts: { startToCloseMs: 5_000 }, priority: 1 } });
    expect(loadTask(sql, id)?.task).toMatchObject({ timeouts: { startToCloseMs: 5_000 }, priority: 1 });
    expect(sql.exec('SELECT COUNT(*) AS n FROM commons').toArray()).toEqual([{ n: 2 }]);
  });

  it('go with the transaction that stored it', async () => {
    const { ledger, sql, turn } = openLedger();
    turn.beforeStatement = (query) => {
      if (query.includes('INSERT INTO events')) throw new Error('the row is broken');
    };
    await submit(ledger, spec()).catch(() => undefined);
    turn.beforeStatement = () => {};
    const { id } = await submit(ledger, spec());
    expect(loadTask(sql, id)?.task).toEqual(await read(ledger, id));
  });

  it('are written in full where there are too many sets already', async () => {
    const { ledger, sql } = openLedger();
    sql.exec("INSERT INTO commons (number, text) VALUES (1000, '{}')");
    const { id } = await submit(ledger, spec());
    expect(sql.exec('SELECT common FROM tasks').toArray()).toEqual([{ common: null }]);
    expect(loadTask(sql, id)?.task).toEqual(await read(ledger, id));
  });

  it('leave a row of an ordinary task within what a page keeps', async () => {
    const { ledger, sql } = openLedger();
    await submit(ledger, spec({ input: { a: 1, b: 2, note: 'x'.repeat(180) } }));
    const [row] = sql.exec('SELECT length(spec) + length(state) AS n FROM tasks').toArray();
    expect(Number(row?.['n'])).toBeLessThan(800);
  });
});
