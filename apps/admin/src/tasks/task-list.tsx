import { Anchor, Badge, Box, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { countQuery, tasksQuery } from '../api/queries.ts';
import type { Me, Task } from '../api/shapes.ts';
import { usePageTitle } from '../ui/page-title.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { summaryOf } from '../ui/summary.ts';
import { Time } from '../ui/time.tsx';
import { duration } from '../ui/when.ts';
import { BulkBar } from './bulk-bar.tsx';
import { BulkDialog, type BulkAsked } from './bulk-dialog.tsx';
import { Causes } from './causes.tsx';
import { FindTask } from './find-task.tsx';
import { TASK_FILTERS, TaskFilterBar } from './task-filters.tsx';

/** The filters live in the address, so a list can be sent to someone. */
export function TaskList({ me }: { readonly me: Me }) {
  usePageTitle('Tasks');
  const [params, setParams] = useSearchParams();
  const filters = Object.fromEntries(TASK_FILTERS.map((name) => [name, params.get(name) ?? '']));
  const set = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const list = useInfiniteQuery({ ...tasksQuery(filters), placeholderData: (before) => before });
  const count = useQuery({ ...countQuery(filters), placeholderData: (before) => before });
  const [asked, setAsked] = useState<BulkAsked | null>(null);
  const operates = me.scopes.includes('tasks:operate');
  const causesShown = params.get('causes') === 'shown';
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Tasks
        </Title>
        <FindTask />
      </Group>
      <TaskFilterBar filters={filters} onFilter={set} onClear={() => setParams({}, { replace: true })} />
      {count.data && (
        <BulkBar
          count={count.data}
          filters={filters}
          operates={operates && !count.isPlaceholderData}
          causesShown={causesShown}
          onStatus={(status) => set('status', status)}
          onCauses={() => set('causes', 'shown')}
          onAsk={setAsked}
        />
      )}
      {causesShown && <Causes filters={filters} {...(operates ? { onAsk: setAsked } : {})} onHide={() => set('causes', '')} />}
      {asked !== null && <BulkDialog asked={asked} onClose={() => setAsked(null)} />}
      {list.isPending && <Loading rows={8} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && tasks.length === 0 && !list.hasNextPage && <Empty>No task matches. Clear a filter, or submit a task.</Empty>}
      {tasks.length > 0 && (
        <Box aria-busy={list.isPlaceholderData} style={{ opacity: list.isPlaceholderData ? 0.5 : 1 }}>
          <TaskTable tasks={tasks} />
          <TaskCards tasks={tasks} />
        </Box>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Load more
        </Button>
      )}
    </Stack>
  );
}

function TaskTable({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <Paper withBorder visibleFrom="sm">
      <Table highlightOnHover verticalSpacing={6} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={110}>Status</Table.Th>
            <Table.Th w="24%">Type</Table.Th>
            <Table.Th>Error, or input</Table.Th>
            <Table.Th w={80}>Attempt</Table.Th>
            <Table.Th w={110}>Created</Table.Th>
            <Table.Th w={110}>Took</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.map((task) => (
            <Table.Tr key={task.id} data-task={task.id}>
              <Table.Td>
                <StatusBadge status={task.status} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <TypeLink task={task} />
              </Table.Td>
              <Table.Td>
                <Text size="sm" truncate c={task.error ? 'red' : 'inherit'}>
                  {task.error ? `${task.error.code}: ${task.error.message}` : summaryOf(task.input)}
                </Text>
              </Table.Td>
              <Table.Td>{task.attempt}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  <Time at={task.createdAt} />
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {tookOf(task)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function TaskCards({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <Stack gap={8} hiddenFrom="sm">
      {tasks.map((task) => (
        <Paper key={task.id} withBorder px="sm" py={8}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <TypeLink task={task} />
            <StatusBadge status={task.status} />
          </Group>
          <Text size="sm" c={task.error ? 'red' : 'dimmed'} truncate>
            {task.error ? `${task.error.code}: ${task.error.message}` : summaryOf(task.input)}
          </Text>
          <Text size="xs" c="dimmed">
            <Time at={task.createdAt} />
          </Text>
        </Paper>
      ))}
    </Stack>
  );
}

function TypeLink({ task }: { readonly task: Task }) {
  return (
    <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
      <Anchor component={Link} href={`/tasks/${task.id}`} fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {task.type}@{task.version}
      </Anchor>
      {task.priority < 3 && (
        <Badge size="xs" variant="light" color="red" tt="none" style={{ flex: 'none' }}>
          p{task.priority}
        </Badge>
      )}
    </Group>
  );
}

function tookOf({ createdAt, endedAt }: Task): string {
  return endedAt === undefined ? '' : duration(Date.parse(endedAt) - Date.parse(createdAt));
}
