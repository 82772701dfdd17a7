import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { deliveriesQuery } from '../api/catalog.ts';
import { More } from '../ui/more.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** What became of a delivery, in colour and in words. */
const OUTCOMES: Readonly<Record<string, readonly [color: string, words: string]>> = {
  processing: ['blue', 'being processed'],
  submitted: ['teal', 'made a task'],
  completed: ['teal', 'finished a task'],
  early: ['yellow', 'kept: its task has not come yet'],
  expired: ['gray', 'its task never came'],
  ignored: ['gray', 'no rule wants it'],
  failed: ['red', 'could not be processed'],
  refused: ['red', 'refused'],
  duplicate: ['gray', 'came before'],
};

/** Everything that came to a hook, newest first, refused deliveries too. */
export function Deliveries({ hookId }: { readonly hookId: string }) {
  const list = useInfiniteQuery(deliveriesQuery(hookId));
  const deliveries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack gap="xs" mt="sm">
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {list.isSuccess && deliveries.length > 0 && `${deliveries.length}${list.hasNextPage ? ' newest' : ''} deliveries`}
        </Text>
        <Button size="xs" variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          Look again
        </Button>
      </Group>
      {list.isPending && <Loading rows={2} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && deliveries.length === 0 && (
        <Empty>Nothing has come to this hook. Does the third party have its URL, and does it send there?</Empty>
      )}
      {deliveries.length > 0 && (
        <Table.ScrollContainer minWidth={620} type="native" tabIndex={0} role="region" aria-label="Deliveries">
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={110}>Received</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th w={90}>Task</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {deliveries.map(({ id, receivedAt, outcome, eventId, taskId, error }) => {
                const [color, words] = OUTCOMES[outcome] ?? ['gray', outcome];
                return (
                  <Table.Tr key={id} data-delivery={id}>
                    <Table.Td>
                      <Time at={receivedAt} />
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      <Badge variant="light" color={color} tt="none">
                        {words}
                      </Badge>
                      {error && (
                        <Text size="sm" c="red">
                          <b>{error.code}</b>: {error.message}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{eventId ?? ''}</Table.Td>
                    <Table.Td>
                      {taskId && (
                        <Anchor component={Link} href={`/tasks/${taskId}`} size="sm" aria-label={`Task of ${id}`}>
                          open
                        </Anchor>
                      )}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <More list={list} />
    </Stack>
  );
}
