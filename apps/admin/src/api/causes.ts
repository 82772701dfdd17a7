/** Why tasks failed. The service counts tasks by status, not by error, so the newest are read and counted here. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { tasksPage } from './queries.ts';
import type { Page, Task } from './shapes.ts';

export const MOST_LOOKED_AT = 2_000;
const PAGE = 200;
const FAILURES = ['failed', 'timed_out'];

export interface Cause {
  readonly type: string;
  readonly code: string;
  /** Of the newest. */
  readonly message: string;
  readonly count: number;
  readonly newest: Task;
}

export const causesQuery = (asked: Readonly<Record<string, string>>) => {
  const statuses = (asked['status'] ?? '').split(',').filter((status) => FAILURES.includes(status));
  const filters = { ...asked, status: (statuses.length === 0 ? FAILURES : statuses).join(',') };
  return queryOptions({
    // None of the stream's keys: whoever asks for this waits for it, and asks again if need be.
    queryKey: ['causes', filters],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const tasks: Task[] = [];
      let cursor: string | null = '';
      while (cursor !== null && tasks.length < MOST_LOOKED_AT) {
        const page: Page<Task> = await api<Page<Task>>(tasksPage({ ...filters, limit: String(PAGE) }, cursor), { signal });
        tasks.push(...page.items);
        cursor = page.nextCursor ?? null;
      }
      return { causes: causesOf(tasks), complete: cursor === null, filters };
    },
  });
};

/** By type and error code, the most frequent first. `tasks` come newest first. */
export function causesOf(tasks: readonly Task[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const task of tasks) {
    const type = `${task.type}@${task.version}`;
    const code = task.error?.code ?? task.status;
    const known = causes.get(`${type} ${code}`);
    causes.set(`${type} ${code}`, {
      type,
      code,
      message: known?.message ?? task.error?.message ?? '',
      count: (known?.count ?? 0) + 1,
      newest: known?.newest ?? task,
    });
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}
