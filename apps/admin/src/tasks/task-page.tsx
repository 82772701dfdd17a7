import { Group, SimpleGrid, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taskQuery } from '../api/queries.ts';
import type { Me } from '../api/shapes.ts';
import { ManualForm } from '../inbox/manual-form.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Time } from '../ui/time.tsx';
import { Attempts } from './attempts.tsx';
import { Explanation } from './explanation.tsx';
import { TaskTimeline } from './task-timeline.tsx';
import { VerbBar } from './verb-bar.tsx';

export function TaskPage({ id, me }: { readonly id: string; readonly me: Me }) {
  const task = useQuery(taskQuery(id));
  if (task.isPending) return <Loading />;
  if (!task.data) return <Failure error={task.error} retry={() => void task.refetch()} />;
  const { data } = task;
  return (
    <Stack>
      <Group>
        <Title order={1} size="h2">
          {data.type}@{data.version}
        </Title>
        <StatusBadge status={data.status} />
      </Group>
      <Text size="sm" c="dimmed" style={{ wordBreak: 'break-all' }}>
        {data.id} · attempt {data.attempt} · {data.route ? `${data.route.executor} by rule ${data.route.rule}` : data.kind} · created{' '}
        <Time at={data.createdAt} />
      </Text>
      {data.error && (
        <Text c="red" size="sm">
          <b>{data.error.code}</b>: {data.error.message}
        </Text>
      )}
      <VerbBar task={data} />
      {data.endedAt === undefined && <Explanation id={id} />}
      {data.kind === 'manual' && data.status === 'waiting' && <ManualForm task={data} me={me} />}
      <Tabs defaultValue="data" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="data">Data</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="attempts">Attempts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="data" pt="md">
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <JsonView title="Input" value={data.input} />
            <JsonView title="Output" value={data.output} />
          </SimpleGrid>
        </Tabs.Panel>
        <Tabs.Panel value="timeline" pt="md">
          <TaskTimeline id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="attempts" pt="md">
          <Attempts id={id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
