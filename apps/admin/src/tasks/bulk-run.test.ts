import { expect, it } from 'vitest';
import { ApiError } from '../api/client.ts';
import type { Task } from '../api/shapes.ts';
import { runBulk, type Bulk } from './bulk-run.ts';

const task = (id: string): Task => ({ id, status: 'failed' }) as Task;
const pages = [['a', 'b', 'c'], ['d']].map((ids) => ids.map(task));
const problem = (status: number, detail: string, more = {}) => new ApiError({ title: '', status, detail, ...more });

function bulk(change: Partial<Bulk> = {}): { readonly run: Bulk; readonly asked: string[]; readonly pauses: number[] } {
  const asked: string[] = [];
  const pauses: number[] = [];
  const run: Bulk = {
    read: async (cursor) => ({ items: pages[Number(cursor)] ?? [], nextCursor: cursor === '' ? '1' : null }),
    meant: () => true,
    ask: async ({ id }) => void asked.push(id),
    pause: async (ms) => void pauses.push(ms),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...change,
  };
  return { run, asked, pauses };
}

it('asks every task of every page that is meant, once', async () => {
  const { run, asked } = bulk({ meant: ({ id }) => id !== 'b' });
  expect(await runBulk(run)).toMatchObject({ done: 3, passed: 1, refused: 0 });
  expect(asked).toEqual(['a', 'c', 'd']);
});

it('waits as long as a busy service asks for, and goes on', async () => {
  let busy = 2;
  const { run, pauses } = bulk({
    ask: async () => (busy-- > 0 ? Promise.reject(problem(429, 'busy', { retryAfterSeconds: 3 })) : undefined),
  });
  expect(await runBulk(run)).toMatchObject({ done: 4, refused: 0 });
  expect(pauses).toEqual([3_000, 3_000]);
});

it('counts what was refused by its reason, and does not ask that again', async () => {
  const { run, pauses } = bulk({ ask: async ({ id }) => (id === 'd' ? undefined : Promise.reject(problem(409, 'is completed'))) });
  expect(await runBulk(run)).toMatchObject({ done: 1, refused: 3, reasons: new Map([['is completed', 3]]) });
  expect(pauses).toEqual([]);
});

it('begins nothing more once it is stopped', async () => {
  const stop = new AbortController();
  const { run, asked } = bulk({ signal: stop.signal });
  await runBulk({ ...run, onProgress: () => stop.abort() });
  expect(asked).toEqual([]);
});

it('gives up on a service that stays away', async () => {
  const { run, pauses } = bulk({ read: () => Promise.reject(problem(0, 'away')) });
  await expect(runBulk(run)).rejects.toThrow('away');
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
});
