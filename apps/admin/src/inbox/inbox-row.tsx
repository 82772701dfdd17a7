import { Anchor, Badge, Group, Paper, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { DueBadge } from '../ui/due-badge.tsx';
import { Icon } from '../ui/icons.tsx';
import { summaryOf } from '../ui/summary.ts';
import { Time } from '../ui/time.tsx';
import classes from './inbox.module.css';

interface Props {
  readonly task: Task;
  /** The type's title, where it has one. */
  readonly title: string;
  readonly href: string;
  readonly open: boolean;
  readonly myId: string;
}

export function InboxRow({ task, title, href, open, myId }: Props) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const { holder, dueAt } = task.manual ?? { holder: null };
  const mine = holder?.id === myId;
  return (
    <Paper
      ref={row}
      withBorder
      px="sm"
      py={10}
      className={classes['row'] ?? ''}
      component="li"
      aria-current={open}
      data-taken={holder !== null && !mine}
      data-task={task.id}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs" align="baseline">
        <Anchor component={Link} href={href} className={classes['link'] ?? ''} fw={600} size="sm" c="inherit" underline="never">
          {title}
        </Anchor>
        <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
          <Time at={task.createdAt} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {summaryOf(task.input) || task.id}
      </Text>
      <Group gap={6} mt={6}>
        {dueAt && <DueBadge at={dueAt} />}
        {task.priority < 3 && (
          <Badge variant="light" color="red" tt="none">
            priority {task.priority}
          </Badge>
        )}
        {holder !== null && (
          <Badge
            variant={mine ? 'filled' : 'light'}
            color={mine ? 'indigo' : 'yellow'}
            tt="none"
            leftSection={<Icon name="person" size={12} />}
          >
            {mine ? 'yours' : (holder.name ?? holder.id)}
          </Badge>
        )}
      </Group>
    </Paper>
  );
}
