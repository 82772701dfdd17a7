import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { Failure } from '../ui/states.tsx';

export function SignIn({ enter }: { readonly enter: (key: string) => void }) {
  const [key, setKey] = useState('');
  const check = useMutation({
    mutationFn: (candidate: string) => api<Me>('/me', { key: candidate }),
    onSuccess: (_me, candidate) => enter(candidate),
  });
  const wrong = check.error instanceof ApiError && check.error.problem.status === 401;
  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder p="xl" w="100%" maw={420}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            check.mutate(key.trim());
          }}
        >
          <Stack>
            <Title order={1} size="h2">
              Errand
            </Title>
            <Text c="dimmed" size="sm">
              Sign in with an API key. In development, the start prints one and keeps it in <code>dev.json</code>.
            </Text>
            <PasswordInput
              label="API key"
              autoFocus
              required
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              error={wrong ? 'This key is not known here. Check that you copied all of it.' : undefined}
            />
            {check.error && !wrong && <Failure error={check.error} />}
            <Button type="submit" loading={check.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
