import { AreaChart } from '@mantine/charts';
import { Anchor, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { countQuery, statsQuery } from '../api/queries.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';

export function Overview() {
  const counts = useQuery(countQuery({}));
  const waiting = useQuery(countQuery({ kind: 'manual', status: 'waiting' }));
  const stats = useQuery(statsQuery);
  const points =
    stats.data?.throughput.map((point) => ({ ...point, minute: new Date(point.minute).toLocaleTimeString([], { timeStyle: 'short' }) })) ??
    [];
  return (
    <Stack>
      <Title order={1} size="h2">
        Overview
      </Title>
      {waiting.data && (
        <Text>
          <Anchor component={Link} href="/inbox">
            {waiting.data.count} manual tasks wait for a person
          </Anchor>{' '}
          · <Anchor href="/docs">API documentation</Anchor>
        </Text>
      )}
      {counts.isPending && <Loading rows={2} />}
      {counts.error && <Failure error={counts.error} retry={() => void counts.refetch()} />}
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        {Object.entries(counts.data?.byStatus ?? {}).map(([status, count]) => (
          <Paper key={status} withBorder p="md" component={Link} href={`/tasks?status=${status}`} c="inherit" td="none">
            <Text size="sm" c="dimmed">
              {status.replaceAll('_', ' ')}
            </Text>
            <Text fz={28} fw={650}>
              {count.toLocaleString()}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <Title order={2} size="h4">
        Throughput per minute
      </Title>
      {stats.isPending && <Loading />}
      {stats.error && <Failure error={stats.error} retry={() => void stats.refetch()} />}
      {stats.isSuccess && points.length === 0 && <Empty>No task has ended yet. Submit one and watch it here.</Empty>}
      {points.length > 0 && (
        <AreaChart
          h={260}
          data={points}
          dataKey="minute"
          withLegend
          series={[
            { name: 'completed', color: 'teal.6' },
            { name: 'failed', color: 'red.6' },
          ]}
        />
      )}
    </Stack>
  );
}
