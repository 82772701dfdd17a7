import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { Attempt, Count, Explain, InboxPage, Me, Page, Stats, Task, TaskEvent, TaskType } from './shapes.ts';

/** Every read of this app. Keys begin with what the live stream invalidates: `task`, `tasks`, `inbox`, `summary`. */
const segment = encodeURIComponent;
const query = (params: Readonly<Record<string, string>>): string => {
  const filled = Object.entries(params).filter(([, value]) => value !== '');
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled)}`;
};

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => api<Me>('/me', { signal }), staleTime: Infinity });

export const taskQuery = (id: string) =>
  queryOptions({ queryKey: ['task', id], queryFn: ({ signal }) => api<Task>(`/tasks/${segment(id)}`, { signal }) });

export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['task', id, 'events'],
    queryFn: ({ signal }) => api<Page<TaskEvent>>(`/tasks/${segment(id)}/events`, { signal }),
  });

export const attemptsQuery = (id: string) =>
  queryOptions({
    queryKey: ['task', id, 'attempts'],
    queryFn: ({ signal }) => api<Page<Attempt>>(`/tasks/${segment(id)}/attempts`, { signal }),
  });

export const explainQuery = (id: string) =>
  queryOptions({ queryKey: ['task', id, 'explain'], queryFn: ({ signal }) => api<Explain>(`/tasks/${segment(id)}/explain`, { signal }) });

/** Where a page of tasks is read. */
export const tasksPage = (filters: Readonly<Record<string, string>>, cursor: string): string => `/tasks${query({ ...filters, cursor })}`;

export const tasksQuery = (filters: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['tasks', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api<Page<Task>>(tasksPage(filters, pageParam), { signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const inboxQuery = (filters: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['inbox', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api<InboxPage>(`/inbox${query({ ...filters, cursor: pageParam })}`, { signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

/** How much waits for people, for the menu and the overview. */
export const inboxCountsQuery = queryOptions({
  queryKey: ['inbox', 'counts'],
  queryFn: ({ signal }) => api<InboxPage>('/inbox?view=mine&limit=1', { signal }).then(({ counts }) => counts),
});

export const countQuery = (filters: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ['summary', 'count', filters],
    queryFn: ({ signal }) => api<Count>(`/tasks:count${query(filters)}`, { signal }),
  });

export const statsQuery = queryOptions({ queryKey: ['summary', 'stats'], queryFn: ({ signal }) => api<Stats>('/stats', { signal }) });

export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: ({ signal }) => api<Page<TaskType>>('/task-types?limit=200', { signal }),
});

export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['types', name],
    queryFn: ({ signal }) => api<Page<TaskType>>(`/task-types/${segment(name)}/versions`, { signal }),
    staleTime: 60_000,
  });
