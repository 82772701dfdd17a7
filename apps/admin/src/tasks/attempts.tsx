import { Code, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attemptsQuery } from '../api/queries.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

export function Attempts({ id }: { readonly id: string }) {
  const attempts = useQuery(attemptsQuery(id));
  if (attempts.isPending) return <Loading />;
  if (!attempts.data) return <Failure error={attempts.error} retry={() => void attempts.refetch()} />;
  if (attempts.data.items.length === 0) return <Empty>No attempt yet. The explanation above says what the task waits for.</Empty>;
  return (
    <Stack>
      {attempts.data.items.map((attempt) => (
        <Paper withBorder p="sm" key={`${attempt.generation}.${attempt.number}`}>
          <Text fw={600}>
            Attempt {attempt.number}: {attempt.outcome ?? 'running'}
          </Text>
          <Text size="sm" c="dimmed">
            generation {attempt.generation} · started <Time at={attempt.startedAt} />
          </Text>
          {attempt.error && (
            <Text size="sm" c="red">
              {attempt.error.code}: {attempt.error.message}
            </Text>
          )}
          {attempt.logs && attempt.logs.length > 0 && (
            <Code block mt="xs">
              {attempt.logs.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}
            </Code>
          )}
        </Paper>
      ))}
    </Stack>
  );
}
