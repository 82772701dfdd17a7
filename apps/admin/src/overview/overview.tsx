import { SimpleGrid, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { statsQuery } from '../api/queries.ts';
import type { Me } from '../api/shapes.ts';
import { usePageTitle } from '../ui/page-title.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Attention } from './attention.tsx';
import { StatusCounts } from './status-counts.tsx';
import { Throughput } from './throughput.tsx';

/** How things stand: what is open and how tasks ended, what got done, and what somebody should look at. */
export function Overview({ me }: { readonly me: Me }) {
  usePageTitle('Overview');
  const stats = useQuery(statsQuery);
  return (
    <Stack gap="lg">
      <Title order={1} size="h3">
        Overview
      </Title>
      {stats.isPending && <Loading rows={3} />}
      {stats.error && <Failure error={stats.error} retry={() => void stats.refetch()} />}
      {stats.data && <StatusCounts byStatus={stats.data.byStatus} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        {stats.data && <Throughput points={stats.data.throughput} />}
        <Attention me={me} byStatus={stats.data?.byStatus} />
      </SimpleGrid>
    </Stack>
  );
}
