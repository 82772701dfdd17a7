import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { exactly } from '../ui/when.ts';
import { ApiError, api } from './client.ts';
import type { Task } from './shapes.ts';

export type Ask = { readonly id: string; readonly verb: string; readonly body?: unknown };

/** Any verb of a task: puts the answer into the cache, refreshes the lists, and says what went wrong. */
export function useVerb() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb, body }: Ask) => api<Task>(`/tasks/${encodeURIComponent(id)}/${verb}`, { method: 'POST', body: body ?? {} }),
    onSuccess: (task) => client.setQueryData(['task', task.id], task),
    onError: (error) => {
      // Errors of fields are shown at the fields.
      if (!(error instanceof ApiError) || error.problem.errors === undefined)
        notifications.show({ color: 'red', title: titleOf(error), message: explainRefusal(error) });
    },
    onSettled: (_task, _error, { id }) =>
      Promise.all([['task', id], ['tasks'], ['inbox'], ['summary']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export type VerbMutation = ReturnType<typeof useVerb>;

function titleOf(error: Error): string {
  if (!(error instanceof ApiError)) return 'Something went wrong';
  return error.problem.code === 'already_claimed' ? 'Somebody was faster' : error.problem.title;
}

/** Tells the loser of a claim who holds the task and since when. */
export function explainRefusal(error: Error): string {
  if (!(error instanceof ApiError) || error.problem.holder === undefined) return error.message;
  const { holder, since } = error.problem;
  const who = holder.name ?? holder.id;
  return since === undefined ? `${who} holds this task.` : `${who} has held this task since ${exactly(since)}.`;
}
