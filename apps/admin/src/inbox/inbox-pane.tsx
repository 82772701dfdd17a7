import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { taskQuery } from '../api/queries.ts';
import type { Me, Task } from '../api/shapes.ts';
import { DataView } from '../ui/data-view.tsx';
import { DueBadge } from '../ui/due-badge.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Time } from '../ui/time.tsx';
import { EndedDraft } from '../work/ended-draft.tsx';
import { useTypeOf } from '../work/use-type-of.ts';
import { WorkPanel } from '../work/work-panel.tsx';

interface Props {
  readonly id: string;
  readonly me: Me;
  /** As the list shows it: something to read until it is here. */
  readonly known?: Task;
  /** Without the list beside it: a page of its own. */
  readonly alone: boolean;
  readonly onDone: () => void;
}

/** The open task of the inbox: what it asks, and where it is answered. */
export function InboxPane({ id, me, known, alone, onDone }: Props) {
  const query = useQuery({ ...taskQuery(id), ...(known === undefined ? {} : { placeholderData: known }) });
  const task = query.data;
  const { type } = useTypeOf(task);
  if (query.isPending) return <Loading rows={3} />;
  if (task === undefined) return <Failure error={query.error} retry={() => void query.refetch()} />;
  const open = task.endedAt === undefined;
  return (
    <>
      <Paper withBorder p="md" component="section" aria-label="Task">
        <Stack gap="sm">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Title order={alone ? 1 : 2} size="h3">
                {type?.title ?? task.type}
              </Title>
              <Text size="sm" c="dimmed">
                {task.type}@{task.version} · <Time at={task.createdAt} /> ·{' '}
                <Anchor component={Link} href={`/tasks/${id}`} inherit underline="always">
                  history
                </Anchor>
              </Text>
            </div>
            <Group gap={6} justify="flex-end" style={{ flex: 'none' }}>
              {open && task.manual?.dueAt && <DueBadge at={task.manual.dueAt} />}
              {task.status !== 'waiting' && <StatusBadge status={task.status} />}
            </Group>
          </Group>
          {type?.description && <Text size="sm">{type.description}</Text>}
          <DataView order={alone ? 2 : 3} title="What is asked" value={task.input} />
          {!open && task.output !== undefined && <DataView order={alone ? 2 : 3} title="The answer" value={task.output} />}
          {task.error && (
            <Text size="sm" c="red">
              <b>{task.error.code}</b>: {task.error.message}
            </Text>
          )}
        </Stack>
      </Paper>
      {task.status === 'waiting' ? <WorkPanel task={task} me={me} onDone={onDone} /> : <EndedDraft task={task} me={me} onDone={onDone} />}
    </>
  );
}
