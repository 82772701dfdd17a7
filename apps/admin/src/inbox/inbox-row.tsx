import { Anchor, Badge, Button, Group, Paper, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';
import { Time } from '../ui/time.tsx';
import { isPast } from '../ui/when.ts';

export function InboxRow({ task, selected, myId }: { readonly task: Task; readonly selected: boolean; readonly myId: string }) {
  const verb = useVerb();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const holder = task.manual?.holder;
  const due = task.manual?.dueAt;
  const ask = (name: string) => verb.mutate({ id: task.id, verb: name });
  return (
    <Paper
      ref={row}
      withBorder
      p="sm"
      role="listitem"
      aria-current={selected}
      {...(selected ? { style: { borderColor: 'var(--mantine-primary-color-filled)' } } : {})}
    >
      <Group justify="space-between">
        <div>
          <Anchor component={Link} href={`/tasks/${task.id}`} fw={600}>
            {task.type}
          </Anchor>
          <Group gap="xs" mt={2}>
            <Badge size="sm" variant="light" color={task.priority < 3 ? 'red' : 'gray'} tt="none">
              priority {task.priority}
            </Badge>
            <Text size="sm" c="dimmed">
              created <Time at={task.createdAt} />
            </Text>
            {due && (
              <Text size="sm" c={isPast(due) ? 'red' : 'dimmed'}>
                due <Time at={due} />
              </Text>
            )}
            {holder && <Text size="sm">held by {holder.id === myId ? 'you' : (holder.name ?? holder.id)}</Text>}
          </Group>
        </div>
        {!holder && (
          <Button size="xs" loading={verb.isPending} onClick={() => ask('claim')}>
            Claim
          </Button>
        )}
        {holder?.id === myId && (
          <Button size="xs" variant="default" loading={verb.isPending} onClick={() => ask('release')}>
            Release
          </Button>
        )}
      </Group>
    </Paper>
  );
}
