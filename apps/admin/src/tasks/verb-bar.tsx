import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';
import { verbsFor, type Verb } from './task-verbs.ts';

/** What an operator can do with a task, each with a reason for its timeline. */
export function VerbBar({ task }: { readonly task: Task }) {
  const [asked, setAsked] = useState<Verb | null>(null);
  const [reason, setReason] = useState('');
  const [, go] = useLocation();
  const verb = useVerb();
  const close = () => {
    setAsked(null);
    setReason('');
  };
  const send = () => {
    if (asked === null) return;
    const body = reason.trim() ? { reason: reason.trim() } : {};
    verb.mutate(
      { id: task.id, verb: asked.name, body },
      {
        onSuccess: (next) => {
          close();
          if (next.id !== task.id) go(`/tasks/${next.id}`);
        },
      },
    );
  };
  return (
    <Group gap="xs">
      {verbsFor(task.status).map((one) => (
        <Button key={one.name} size="xs" variant="default" onClick={() => setAsked(one)}>
          {one.label}
        </Button>
      ))}
      <Modal opened={asked !== null} onClose={close} title={`${asked?.label ?? ''} this task?`} centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Stack>
            <Text size="sm" c="dimmed">
              {asked?.words}
            </Text>
            <Textarea
              label="Reason"
              description="Kept in the timeline."
              data-autofocus
              maxLength={1_000}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button type="submit" color={asked?.color ?? 'indigo'} loading={verb.isPending}>
              {asked?.label}
            </Button>
          </Stack>
        </form>
      </Modal>
    </Group>
  );
}
