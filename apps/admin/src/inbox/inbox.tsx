import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { tasksQuery } from '../api/queries.ts';
import type { Me, Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { InboxRow } from './inbox-row.tsx';

const empty = {
  mine: 'You hold no task. Look under “My groups” and claim one.',
  groups: 'Nothing waits for your groups. New tasks appear here by themselves.',
  all: 'No task waits for a person. Submit one of a manual type and it appears here.',
};
type Tab = keyof typeof empty;

export function Inbox({ me }: { readonly me: Me }) {
  const [tab, setTab] = useState<Tab>('groups');
  const [selected, setSelected] = useState(0);
  const [, go] = useLocation();
  const verb = useVerb();
  const myId = me.person?.id ?? me.keyId;
  const list = useInfiniteQuery(tasksQuery({ kind: 'manual', status: 'waiting', limit: '100', holder: tab === 'mine' ? myId : '' }));
  const tasks = (list.data?.pages.flatMap((page) => page.items) ?? []).filter((task) => tab !== 'groups' || offered(task, me));
  const at = Math.min(selected, Math.max(tasks.length - 1, 0));
  const current = tasks[at];
  const down = () => setSelected(Math.min(at + 1, Math.max(tasks.length - 1, 0)));
  const up = () => setSelected(Math.max(at - 1, 0));
  useHotkeys(
    [
      ['j', down],
      ['ArrowDown', down],
      ['k', up],
      ['ArrowUp', up],
      ['c', () => current && verb.mutate({ id: current.id, verb: 'claim' })],
      ['Enter', () => current && go(`/tasks/${current.id}`)],
    ],
    ['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON', 'A'],
  );
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Inbox
        </Title>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          j / k move · c claim · Enter open
        </Text>
      </Group>
      <Tabs
        value={tab}
        onChange={(value) => {
          setTab((value ?? 'groups') as Tab);
          setSelected(0);
        }}
      >
        <Tabs.List>
          <Tabs.Tab value="mine">Mine</Tabs.Tab>
          <Tabs.Tab value="groups">My groups</Tabs.Tab>
          <Tabs.Tab value="all">All</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && tasks.length === 0 && !list.hasNextPage && <Empty>{empty[tab]}</Empty>}
      <Stack gap="xs" role="list">
        {tasks.map((task, index) => (
          <InboxRow key={task.id} task={task} selected={index === at} myId={myId} />
        ))}
      </Stack>
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Load more
        </Button>
      )}
    </Stack>
  );
}

/** Whether this person may take the task; without candidates anyone may. */
function offered(task: Task, me: Me): boolean {
  const users = task.manual?.candidates?.users ?? [];
  const groups = task.manual?.candidates?.groups ?? [];
  if (users.length === 0 && groups.length === 0) return true;
  return users.includes(me.person?.id ?? '') || groups.some((group) => me.person?.groups?.includes(group));
}
