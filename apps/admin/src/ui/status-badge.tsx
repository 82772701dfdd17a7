import { Badge } from '@mantine/core';
import type { TaskStatus } from '../api/shapes.ts';

export const statusColors: Record<TaskStatus, string> = {
  scheduled: 'gray',
  queued: 'blue',
  running: 'indigo',
  waiting: 'yellow',
  retrying: 'orange',
  paused: 'gray',
  completed: 'teal',
  failed: 'red',
  timed_out: 'red',
  canceled: 'gray',
  expired: 'gray',
  skipped: 'gray',
};

export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  return (
    <Badge variant="light" color={statusColors[status] ?? 'gray'} tt="none">
      {status.replaceAll('_', ' ')}
    </Badge>
  );
}
