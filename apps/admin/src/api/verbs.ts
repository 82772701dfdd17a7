import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ago } from '../ui/when.ts';
import { ApiError, api } from './client.ts';
import type { Task } from './shapes.ts';

type Ask = { readonly id: string; readonly verb: string; readonly body?: unknown };

/** Any verb of a task: puts the answer into the cache, refreshes the lists, and says what went wrong. */
export function useVerb() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb, body }: Ask) => api<Task>(`/tasks/${encodeURIComponent(id)}/${verb}`, { method: 'POST', body: body ?? {} }),
    onSuccess: (task) => client.setQueryData(['task', task.id], task),
    onError: (error) => notifications.show({ color: 'red', title: titleOf(error), message: explainRefusal(error) }),
    onSettled: (_task, _error, { id }) =>
      Promise.all([['task', id], ['tasks'], ['summary']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

const titleOf = (error: Error): string => (error instanceof ApiError ? error.problem.title : 'Something went wrong');

/** Tells the loser of a claim who holds the task and since when. */
export function explainRefusal(error: Error): string {
  if (!(error instanceof ApiError) || error.problem.holder === undefined) return error.message;
  const { holder, since } = error.problem;
  const who = typeof holder === 'string' ? holder : (holder.name ?? holder.id);
  return since === undefined
    ? `${who} holds this task.`
    : `${who} has held this task since ${new Date(since).toLocaleTimeString()} (${ago(since)}).`;
}
