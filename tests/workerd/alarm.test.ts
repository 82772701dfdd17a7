import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';

const newBook = () => env.BOOKS.get(env.BOOKS.newUniqueId());

describe('the alarm of a Durable Object', () => {
  it('is one: the last that was set counts, also when it is later', async () => {
    const book = newBook();
    const at = Date.now() + 3_600_000;
    const armed = await runInDurableObject(book, async (_book, { storage }) => {
      await storage.setAlarm(at);
      await storage.setAlarm(at + 1_000);
      return storage.getAlarm();
    });
    expect(armed).toBe(at + 1_000);
  });

  it('fires once, and is then no longer armed', async () => {
    const book = newBook();
    await runInDurableObject(book, (_book, { storage }) => storage.setAlarm(Date.now() + 3_600_000));
    expect([await runDurableObjectAlarm(book), await runDurableObjectAlarm(book)]).toEqual([true, false]);
    expect(await runInDurableObject(book, async ({ alarms }, { storage }) => [alarms.length, await storage.getAlarm()])).toEqual([1, null]);
  });

  it('fires at once when it is set for the past', async () => {
    const book = newBook();
    await runInDurableObject(book, (_book, { storage }) => storage.setAlarm(1));
    await expect.poll(() => runInDurableObject(book, ({ alarms }) => alarms.length)).toBe(1);
  });
});
