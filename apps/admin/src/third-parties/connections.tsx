import { Badge, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { connectionsQuery, type Connection, type ConnectionTest } from '../api/catalog.ts';
import { api } from '../api/client.ts';
import { More } from '../ui/more.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** Connections, each with a way to try it. Their secrets go in by the API, and never come out. */
export function Connections() {
  const list = useInfiniteQuery(connectionsQuery);
  const connections = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack gap="sm" component="section" aria-label="Connections">
      <Title order={2} size="h4">
        Connections
      </Title>
      {list.isPending && <Loading rows={2} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && connections.length === 0 && (
        <Empty>No connection yet. One is made by the API, with its secrets: POST /v1/connections.</Empty>
      )}
      {connections.map((connection) => (
        <One key={connection.name} connection={connection} />
      ))}
      <More list={list} />
    </Stack>
  );
}

function One({ connection: { name, baseUrl, auth, createdAt } }: { readonly connection: Connection }) {
  const [path, setPath] = useState('');
  const test = useMutation({
    mutationFn: () =>
      api<ConnectionTest>(`/connections/${encodeURIComponent(name)}/test`, {
        method: 'POST',
        body: path.trim() ? { path: path.trim() } : {},
      }),
  });
  return (
    <Paper withBorder p="md" data-connection={name}>
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} size="sm">
              {name}
            </Text>
            <Badge variant="light" color="gray" tt="none">
              {auth.type}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {baseUrl} · since <Time at={createdAt} />
          </Text>
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            test.mutate();
          }}
        >
          <Group gap="xs" wrap="nowrap">
            <TextInput
              size="xs"
              aria-label={`Path to try of ${name}`}
              placeholder="/path, if need be"
              maxLength={1_024}
              value={path}
              onChange={(event) => setPath(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" variant="default" loading={test.isPending} aria-label={`Test ${name}`}>
              Test
            </Button>
          </Group>
        </form>
      </Group>
      <div aria-live="polite">
        {test.data && <Result result={test.data} />}
        {test.error && <Failure error={test.error} />}
      </div>
    </Paper>
  );
}

function Result({ result: { ok, status, durationMs, error } }: { readonly result: ConnectionTest }) {
  const answered = status === undefined ? `No answer after ${durationMs} ms` : `It answered ${status} in ${durationMs} ms`;
  const means = ok ? ' and took the credential.' : error === undefined ? '.' : `. ${error.code}: ${error.message}`;
  return (
    <Text size="sm" mt="xs" c={ok ? 'teal' : 'red'}>
      {answered}
      {means}
    </Text>
  );
}
