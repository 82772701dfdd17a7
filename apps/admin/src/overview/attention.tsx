import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { inboxCountsQuery, tasksQuery } from '../api/queries.ts';
import type { Count, Me } from '../api/shapes.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Failure } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Time } from '../ui/time.tsx';

const SHOWN = '5';

/** What somebody should look at: overdue work of people, tasks that struggle, and the newest failures. */
export function Attention({ me, byStatus: known }: { readonly me: Me; readonly byStatus: Count['byStatus'] | undefined }) {
  const byStatus = known ?? {};
  const byHand = me.scopes.includes('manual:work') || me.scopes.includes('manual:admin');
  const inbox = useQuery({ ...inboxCountsQuery, enabled: byHand });
  const failures = useInfiniteQuery(tasksQuery({ status: 'failed,timed_out', limit: SHOWN }));
  const failed = failures.data?.pages[0]?.items ?? [];
  const all = inbox.data?.all;
  const nothing = failed.length === 0 && !byStatus.retrying && !byStatus.paused && !all?.overdue && !all?.unclaimed;
  return (
    <Paper withBorder p="md" component="section" aria-label="Needs attention">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Needs attention
        </Title>
        <Point icon="alert" color="red" count={all?.overdue} words="overdue for a person" href="/inbox?view=all&overdue=true" />
        <Point
          icon="inbox"
          color="yellow"
          count={all?.unclaimed}
          words="wait for somebody to claim them"
          href="/inbox?view=all&unclaimed=true"
        />
        <Point
          icon="clock"
          color="orange"
          count={byStatus.retrying}
          words="failed and are to be tried again"
          href="/tasks?status=retrying"
        />
        <Point icon="tasks" color="grape" count={byStatus.paused} words="paused" href="/tasks?status=paused" />
        {failed.length > 0 && (
          <Stack gap={6}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" c="dimmed" fw={600}>
                Newest failures
              </Text>
              <Anchor component={Link} href="/tasks?status=failed,timed_out&causes=shown" size="sm">
                Why they failed
              </Anchor>
            </Group>
            {failed.map((task) => (
              <Group key={task.id} justify="space-between" wrap="nowrap" gap="sm">
                <div style={{ minWidth: 0 }}>
                  <Anchor component={Link} href={`/tasks/${task.id}`} size="sm" fw={600}>
                    {task.type}@{task.version}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {task.error ? `${task.error.code}: ${task.error.message}` : ''}
                  </Text>
                </div>
                <Group gap="xs" wrap="nowrap">
                  <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                    <Time at={task.endedAt ?? task.updatedAt} />
                  </Text>
                  <StatusBadge status={task.status} />
                </Group>
              </Group>
            ))}
          </Stack>
        )}
        {failures.error && <Failure error={failures.error} retry={() => void failures.refetch()} />}
        {inbox.error && <Failure error={inbox.error} retry={() => void inbox.refetch()} />}
        {/* What could not be read may well need attention. */}
        {nothing && known !== undefined && failures.isSuccess && (!byHand || inbox.isSuccess) && (
          <Group gap="xs" c="teal">
            <Icon name="check" />
            <Text size="sm">Nothing does.</Text>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

interface PointProps {
  readonly icon: IconName;
  readonly color: string;
  readonly count: number | undefined;
  readonly words: string;
  readonly href: string;
}

function Point({ icon, color, count, words, href }: PointProps) {
  if (!count) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Text c={`${color}.6`} lh={0}>
        <Icon name={icon} />
      </Text>
      <Anchor component={Link} href={href} size="sm" c="inherit">
        <b>{count.toLocaleString('en')}</b> {words}
      </Anchor>
    </Group>
  );
}
