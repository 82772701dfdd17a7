import { expect, it } from 'vitest';
import { causesOf } from './causes.ts';
import type { Task } from './shapes.ts';

const failed = (id: string, code: string, message: string, version = 1): Task =>
  ({ id, type: 'a.b', version, status: 'failed', error: { code, message } }) as Task;

it('counts tasks by type and error, the most frequent first, with the newest of each', () => {
  const causes = causesOf([failed('3', 'x', 'new'), failed('2', 'y', 'one'), failed('1', 'x', 'old'), failed('0', 'x', 'v2', 2)]);
  expect(causes.map(({ type, code, message, count, newest }) => [type, code, message, count, newest.id])).toEqual([
    ['a.b@1', 'x', 'new', 2, '3'],
    ['a.b@1', 'y', 'one', 1, '2'],
    ['a.b@2', 'x', 'v2', 1, '0'],
  ]);
});

it('takes the status for the cause where there is no error', () => {
  expect(causesOf([{ id: '1', type: 'a.b', version: 1, status: 'timed_out' } as Task])).toMatchObject([{ code: 'timed_out', count: 1 }]);
});
