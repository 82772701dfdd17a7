import { Alert, Anchor, Code, Group, Paper, SimpleGrid, Stack, Tabs, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useQuery } from '@tanstack/react-query';
import { taskQuery } from '../api/queries.ts';
import type { Me } from '../api/shapes.ts';
import { DataView } from '../ui/data-view.tsx';
import { DueBadge } from '../ui/due-badge.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { StatusBadge, statusWords } from '../ui/status-badge.tsx';
import { EndedDraft } from '../work/ended-draft.tsx';
import { WorkPanel } from '../work/work-panel.tsx';
import { Attempts } from './attempts.tsx';
import { Explanation } from './explanation.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskTimeline } from './task-timeline.tsx';
import { VerbBar } from './verb-bar.tsx';

/** Everything about one task. */
export function TaskPage({ id, me }: { readonly id: string; readonly me: Me }) {
  const query = useQuery(taskQuery(id));
  usePageTitle(query.data === undefined ? 'Task' : `${query.data.type} ${statusWords(query.data.status)}`);
  if (query.isPending) return <Loading />;
  if (!query.data)
    return (
      <Stack gap="sm">
        <Failure error={query.error} retry={() => void query.refetch()} />
        <Text size="sm">
          Asked for <Code>{id}</Code>.{' '}
          <Anchor component={Link} href="/tasks" inherit>
            All tasks
          </Anchor>
        </Text>
      </Stack>
    );
  const task = query.data;
  const open = task.endedAt === undefined;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }}>
              {task.type}@{task.version}
            </Title>
            <StatusBadge status={task.status} />
            {open && task.manual?.dueAt && <DueBadge at={task.manual.dueAt} />}
          </Group>
          <Code style={{ overflowWrap: 'anywhere' }}>{task.id}</Code>
        </div>
        {me.scopes.includes('tasks:operate') && <VerbBar task={task} />}
      </Group>
      <Paper withBorder p="md">
        <Stack gap="sm">
          <TaskFacts task={task} />
        </Stack>
      </Paper>
      {task.error && (
        <Alert color={open ? 'orange' : 'red'} title={task.error.code}>
          {task.error.message}
        </Alert>
      )}
      {open && <Explanation id={id} />}
      {task.kind === 'manual' && (task.status === 'waiting' ? <WorkPanel task={task} me={me} /> : <EndedDraft task={task} me={me} />)}
      <Tabs defaultValue="data" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="data">Data</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="attempts">Attempts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="data" pt="md">
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <DataView order={2} title="Input" value={task.input} />
            <DataView order={2} title="Output" value={task.output} none={open ? 'Nothing yet.' : 'None.'} />
          </SimpleGrid>
          {task.metadata !== undefined && Object.keys(task.metadata).length > 0 && (
            <DataView order={2} title="Metadata" value={task.metadata} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="timeline" pt="md">
          <TaskTimeline id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="attempts" pt="md">
          <Attempts id={id} manual={task.kind === 'manual'} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
