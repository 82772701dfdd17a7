import { Anchor, Button, Group, Paper, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { causesQuery, MOST_LOOKED_AT } from '../api/causes.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import type { BulkAsked } from './bulk-dialog.tsx';
import { VERBS } from './task-verbs.ts';

const REDRIVE = VERBS.find(({ name }) => name === 'redrive');

interface Props {
  readonly filters: Readonly<Record<string, string>>;
  /** Left out for whoever may not. */
  readonly onAsk?: (asked: BulkAsked) => void;
  readonly onHide: () => void;
}

/** Why tasks failed: the newest of them by type and error, most frequent first. Read when asked for, for it reads many. */
export function Causes({ filters, onAsk, onHide }: Props) {
  const causes = useQuery(causesQuery(filters));
  return (
    <Paper withBorder p="md" component="section" aria-label="Causes">
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
            <Title order={2} size="h5">
              Why they failed
            </Title>
            {causes.data && (
              <Text size="xs" c="dimmed">
                {causes.data.complete ? 'All' : `The newest ${MOST_LOOKED_AT.toLocaleString('en')}`} that match the filters and failed or
                timed out
              </Text>
            )}
          </div>
          <Group gap="xs">
            <Button size="xs" variant="default" loading={causes.isFetching} onClick={() => void causes.refetch()}>
              Count again
            </Button>
            <Button size="xs" variant="default" onClick={onHide}>
              Hide
            </Button>
          </Group>
        </Group>
        {causes.isPending && <Loading rows={3} />}
        {causes.error && <Failure error={causes.error} retry={() => void causes.refetch()} />}
        {causes.data?.causes.length === 0 && <Empty>None of them failed.</Empty>}
        {causes.data !== undefined && causes.data.causes.length > 0 && (
          <Table.ScrollContainer minWidth={640} type="native">
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={80}>Tasks</Table.Th>
                  <Table.Th>Error</Table.Th>
                  <Table.Th>Type</Table.Th>
                  <Table.Th w={120}>Newest</Table.Th>
                  {onAsk && (
                    <Table.Th w={110} pos="relative">
                      <VisuallyHidden>What to do</VisuallyHidden>
                    </Table.Th>
                  )}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {causes.data.causes.map(({ type, code, message, count, newest }) => (
                  <Table.Tr key={`${type} ${code}`} data-cause={code}>
                    <Table.Td fw={600}>{count.toLocaleString('en')}</Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      <b>{code}</b>: {message}
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{type}</Table.Td>
                    <Table.Td>
                      <Anchor component={Link} href={`/tasks/${newest.id}`} size="sm">
                        <Time at={newest.endedAt ?? newest.updatedAt} />
                      </Anchor>
                    </Table.Td>
                    {onAsk && REDRIVE && (
                      <Table.Td>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Redrive ${type} that ended with ${code}`}
                          onClick={() =>
                            onAsk({
                              verb: REDRIVE,
                              filters: causes.data.filters,
                              about: count,
                              orMore: !causes.data.complete,
                              error: { type, code },
                            })
                          }
                        >
                          Redrive…
                        </Button>
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Stack>
    </Paper>
  );
}
