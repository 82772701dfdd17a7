import { Alert, Button, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { adviceFor } from '../api/advice.ts';
import { ApiError } from '../api/client.ts';

export function Loading({ rows = 5 }: { readonly rows?: number }) {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={44} radius="md" />
      ))}
    </Stack>
  );
}

export function Empty({ children }: { readonly children: string }) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Text ta="center" c="dimmed">
        {children}
      </Text>
    </Paper>
  );
}

export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  return (
    <Alert color="red" title={problem?.title ?? 'Something went wrong'} role="alert">
      <Text size="sm">{problem?.detail ?? error.message}</Text>
      {problem !== undefined && adviceFor(problem) && <Text size="sm">{adviceFor(problem)}</Text>}
      {problem?.errors?.map((fault) => (
        <Text size="sm" key={fault.pointer + fault.detail}>
          <code>{fault.pointer}</code>: {fault.detail}
        </Text>
      ))}
      {retry && (
        <Button mt="sm" size="xs" variant="light" color="red" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
