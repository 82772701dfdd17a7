import { Badge } from '@mantine/core';
import type { TaskStatus } from '../api/shapes.ts';

/** Colours of the statuses: blue moves by itself, yellow waits for somebody, red wants a look, teal is done. */
export const STATUS_COLORS: Readonly<Record<TaskStatus, string>> = {
  scheduled: 'gray',
  queued: 'blue',
  running: 'indigo',
  waiting: 'yellow',
  retrying: 'orange',
  paused: 'grape',
  completed: 'teal',
  failed: 'red',
  timed_out: 'red',
  canceled: 'gray',
  expired: 'gray',
  skipped: 'gray',
};
export const STATUSES = Object.keys(STATUS_COLORS) as readonly TaskStatus[];

export const statusWords = (status: string): string => status.replaceAll('_', ' ');

export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  return (
    <Badge variant="light" color={STATUS_COLORS[status] ?? 'gray'} tt="none" style={{ flex: 'none' }}>
      {statusWords(status)}
    </Badge>
  );
}
