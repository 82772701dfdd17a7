import { notifications } from '@mantine/notifications';
import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { exactly } from '../ui/when.ts';
import { ApiError, api, isKeyRefused } from './client.ts';
import { adviceFor } from './advice.ts';
import type { Task } from './shapes.ts';

export type Ask = { readonly id: string; readonly verb: string; readonly body?: unknown };

const VERB = ['verb'];

/** Whether a verb of this task is under way, whoever asked: a button, or a key. */
export function useAsked(id: string): boolean {
  const ids = useMutationState({
    filters: { mutationKey: VERB, status: 'pending' },
    select: ({ state }) => (state.variables as Ask | undefined)?.id,
  });
  return ids.includes(id);
}

/** Any verb of a task: puts the answer into the cache, refreshes the lists, and says what went wrong. */
export function useVerb() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: VERB,
    mutationFn: ({ id, verb, body }: Ask) => api<Task>(`/tasks/${encodeURIComponent(id)}/${verb}`, { method: 'POST', body: body ?? {} }),
    onSuccess: (task) => client.setQueryData(['task', task.id], task),
    onError: (error) => {
      // Errors of fields are shown at the fields, and a refused key asks for another by itself.
      if (!isKeyRefused(error) && (!(error instanceof ApiError) || error.problem.errors === undefined))
        notifications.show({ color: 'red', title: titleOf(error), message: explainRefusal(error) });
    },
    // Nobody waits for lists to be read again: the answer itself is in the cache.
    onSettled: (_task, _error, { id }) => {
      for (const queryKey of [['task', id], ['tasks'], ['inbox'], ['summary']]) void client.invalidateQueries({ queryKey });
    },
  });
}

export type VerbMutation = ReturnType<typeof useVerb>;

function titleOf(error: Error): string {
  if (!(error instanceof ApiError)) return 'Something went wrong';
  return error.problem.code === 'already_claimed' ? 'Somebody was faster' : error.problem.title;
}

/** Tells the loser of a claim who holds the task and since when. */
export function explainRefusal(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.problem.holder === undefined) return [error.message, adviceFor(error.problem)].filter(Boolean).join(' ');
  const { holder, since } = error.problem;
  const who = holder.name ?? holder.id;
  return since === undefined ? `${who} holds this task.` : `${who} has held this task since ${exactly(since)}.`;
}
