import { useQuery, useQueryClient } from '@tanstack/react-query';
import { typesQuery, versionsQuery } from '../api/queries.ts';
import type { Task, TaskType } from '../api/shapes.ts';

interface TypeOf {
  /** Left out while it is read, and where it is not known. */
  readonly type?: TaskType;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly refetch: () => void;
}

/** The type of a task, at once where the list of types that is there already has it: a type never changes. */
export function useTypeOf(task: Pick<Task, 'type' | 'version'> | undefined): TypeOf {
  const client = useQueryClient();
  const isIt = ({ name, version }: TaskType): boolean => name === task?.type && version === task.version;
  const known = client.getQueryData(typesQuery.queryKey)?.items.find(isIt);
  const versions = useQuery({ ...versionsQuery(task?.type ?? ''), enabled: task !== undefined && known === undefined });
  const type = known ?? versions.data?.items.find(isIt);
  return {
    ...(type === undefined ? {} : { type }),
    isPending: known === undefined && versions.isPending,
    error: known === undefined && versions.data === undefined ? versions.error : null,
    refetch: () => void versions.refetch(),
  };
}
