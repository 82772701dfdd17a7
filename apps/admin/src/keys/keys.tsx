import { Badge, Button, Group, Modal, Paper, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keysQuery, type Key } from '../api/catalog.ts';
import { api } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { More } from '../ui/more.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';

/** Who may call: keys are made, shown once, and taken back here. */
export function Keys({ me }: { readonly me: Me }) {
  usePageTitle('Keys');
  const list = useInfiniteQuery(keysQuery);
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Key | null>(null);
  const keys = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Keys
        </Title>
        <Button onClick={() => setMaking(true)}>Make a key</Button>
      </Group>
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {keys.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={860} type="native">
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th miw={190}>Name</Table.Th>
                  <Table.Th miw={110}>Acts as</Table.Th>
                  <Table.Th>May</Table.Th>
                  <Table.Th w={120}>Made</Table.Th>
                  <Table.Th w={120}>Expires</Table.Th>
                  <Table.Th w={125} pos="relative">
                    <VisuallyHidden>What to do</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.map((key) => (
                  <Row key={key.id} of={key} mine={key.id === me.keyId} onRevoke={() => setRevoked(key)} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      <More list={list} />
      <NewKeyDialog opened={making} me={me} onClose={() => setMaking(false)} />
      <RevokeDialog of={revoked} onClose={() => setRevoked(null)} />
    </Stack>
  );
}

function Row({ of, mine, onRevoke }: { readonly of: Key; readonly mine: boolean; readonly onRevoke: () => void }) {
  const { id, name, person, scopes, createdAt, expiresAt } = of;
  return (
    <Table.Tr data-key={name}>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {id}
        </Text>
      </Table.Td>
      <Table.Td>
        {person === undefined ? (
          <Text size="sm" c="dimmed">
            nobody
          </Text>
        ) : (
          (person.name ?? person.id)
        )}
      </Table.Td>
      <Table.Td>
        <Text size="xs">{scopes.join(', ')}</Text>
      </Table.Td>
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Table.Td>
        {expiresAt === undefined ? (
          <Text size="sm" c="dimmed">
            never
          </Text>
        ) : (
          <Time at={expiresAt} />
        )}
      </Table.Td>
      <Table.Td>
        {mine ? (
          <Badge variant="light" color="indigo" tt="none">
            in use here
          </Badge>
        ) : (
          <Button size="compact-sm" variant="default" aria-label={`Revoke ${name}`} onClick={onRevoke}>
            Revoke…
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function RevokeDialog({ of, onClose }: { readonly of: Key | null; readonly onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: ({ id }: Key) => api<undefined>(`/keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: (_gone, { name }) => {
      notifications.show({ color: 'teal', message: `${name} is revoked, in force everywhere within ten seconds.` });
      onClose();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['keys'] }),
  });
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Modal opened={of !== null} onClose={close} title={`Revoke ${of?.name ?? ''}?`} centered>
      <Stack>
        <Text size="sm">Whoever uses this key is refused from then on. It cannot be brought back; another can be made.</Text>
        {revoke.error && <Failure error={revoke.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => of !== null && revoke.mutate(of)}>
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
