import { Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Count, TaskStatus } from '../api/shapes.ts';
import { STATUS_COLORS, statusWords } from '../ui/status-badge.tsx';

const OPEN: readonly TaskStatus[] = ['queued', 'running', 'waiting', 'retrying', 'scheduled', 'paused'];
const ENDED: readonly TaskStatus[] = ['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped'];

/** Tasks by status; each leads to its list. */
export function StatusCounts({ byStatus }: { readonly byStatus: Count['byStatus'] }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Counts title="Open" statuses={OPEN} byStatus={byStatus} />
      <Counts title="Ended" statuses={ENDED} byStatus={byStatus} />
    </SimpleGrid>
  );
}

interface Props {
  readonly title: string;
  readonly statuses: readonly TaskStatus[];
  readonly byStatus: Count['byStatus'];
}

function Counts({ title, statuses, byStatus }: Props) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed" fw={600}>
          {title}
        </Text>
        <SimpleGrid cols={{ base: 3, sm: 6, md: 3, xl: 6 }} spacing="xs">
          {statuses.map((status) => (
            <Link key={status} href={`/tasks?status=${status}`} style={{ color: 'inherit', textDecoration: 'none' }}>
              <Text fz={24} fw={650} lh={1.2} c={byStatus[status] ? 'inherit' : 'dimmed'} data-status={status}>
                {(byStatus[status] ?? 0).toLocaleString('en')}
              </Text>
              <Group gap={6} wrap="nowrap">
                <span
                  aria-hidden="true"
                  style={{
                    width: 8,
                    height: 8,
                    borderRadius: 4,
                    flex: 'none',
                    background: `var(--mantine-color-${STATUS_COLORS[status]}-6)`,
                  }}
                />
                <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                  {statusWords(status)}
                </Text>
              </Group>
            </Link>
          ))}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}
