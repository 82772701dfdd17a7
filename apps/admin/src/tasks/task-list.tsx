import { Anchor, Button, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { tasksQuery } from '../api/queries.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { StatusBadge, statusColors } from '../ui/status-badge.tsx';
import { Time } from '../ui/time.tsx';

const kinds = ['automated', 'manual', 'integration'];
const dates = [
  ['createdAfter', 'Created after'],
  ['createdBefore', 'Created before'],
] as const;

/** The filters live in the address, so a list can be sent to someone. */
export function TaskList() {
  const [params, setParams] = useSearchParams();
  const filters = Object.fromEntries(
    ['status', 'type', 'kind', 'tag', 'createdAfter', 'createdBefore'].map((name) => [name, params.get(name) ?? '']),
  );
  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const list = useInfiniteQuery(tasksQuery(filters));
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Title order={1} size="h2">
        Tasks
      </Title>
      <SimpleGrid cols={{ base: 2, md: 6 }} spacing="xs">
        <Select
          label="Status"
          clearable
          data={Object.keys(statusColors)}
          value={filters['status'] || null}
          onChange={(value) => set('status', value)}
        />
        <Select label="Kind" clearable data={kinds} value={filters['kind'] || null} onChange={(value) => set('kind', value)} />
        <TextInput
          label="Type"
          defaultValue={filters['type'] ?? ''}
          onBlur={(event) => set('type', event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && set('type', event.currentTarget.value)}
        />
        <TextInput
          label="Tag"
          defaultValue={filters['tag'] ?? ''}
          onBlur={(event) => set('tag', event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && set('tag', event.currentTarget.value)}
        />
        {dates.map(([name, label]) => (
          <TextInput
            key={name}
            type="date"
            label={label}
            value={(filters[name] ?? '').slice(0, 10)}
            onChange={(event) => set(name, event.currentTarget.value && `${event.currentTarget.value}T00:00:00.000Z`)}
          />
        ))}
      </SimpleGrid>
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && tasks.length === 0 && <Empty>No task matches. Clear a filter, or submit a task.</Empty>}
      <Stack gap={6}>
        {tasks.map((task) => (
          <Paper key={task.id} withBorder px="sm" py={8}>
            <Group justify="space-between" gap="xs">
              <div style={{ minWidth: 0 }}>
                <Anchor component={Link} href={`/tasks/${task.id}`} fw={600}>
                  {task.type}@{task.version}
                </Anchor>
                <Text size="xs" c="dimmed" ff="monospace" truncate>
                  {task.id}
                </Text>
              </div>
              <Group gap="sm">
                <Time at={task.createdAt} />
                <StatusBadge status={task.status} />
              </Group>
            </Group>
          </Paper>
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
