import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, isKeyRefused } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { Failure } from '../ui/states.tsx';

type Enter = (key: string, me: Me) => void;

export function SignIn({ enter }: { readonly enter: Enter }) {
  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder p="xl" w="100%" maw={420}>
        <Stack>
          <Title order={1} size="h2">
            Errand
          </Title>
          <Text c="dimmed" size="sm">
            Sign in with an API key. In development, the start prints one and keeps it in <code>dev.json</code>.
          </Text>
          <KeyForm enter={enter} />
        </Stack>
      </Paper>
    </Center>
  );
}

/** Asks for a key, and tries it before it is taken. */
export function KeyForm({ enter }: { readonly enter: Enter }) {
  const [key, setKey] = useState('');
  const check = useMutation({
    mutationFn: (candidate: string) => api<Me>('/me', { key: candidate }),
    onSuccess: (me, candidate) => enter(candidate, me),
  });
  const wrong = isKeyRefused(check.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        check.mutate(key.trim());
      }}
    >
      <Stack>
        <PasswordInput
          label="API key"
          autoFocus
          data-autofocus
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
  );
}
