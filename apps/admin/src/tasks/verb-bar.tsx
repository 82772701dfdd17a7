import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';

const terminal = new Set(['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped']);

function verbsFor(task: Task): readonly string[] {
  if (task.status === 'completed') return ['replay'];
  if (terminal.has(task.status)) return ['redrive', 'replay'];
  if (task.status === 'paused') return ['resume', 'cancel'];
  return task.status === 'retrying' || task.status === 'scheduled' ? ['retry-now', 'pause', 'cancel'] : ['pause', 'cancel'];
}

export function VerbBar({ task }: { readonly task: Task }) {
  const [asked, setAsked] = useState<string | null>(null);
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
      { id: task.id, verb: asked, body },
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
      {verbsFor(task).map((name) => (
        <Button key={name} size="xs" variant="default" tt="capitalize" onClick={() => setAsked(name)}>
          {name.replace('-', ' ')}
        </Button>
      ))}
      <Modal opened={asked !== null} onClose={close} title={`${asked ?? ''} this task?`} centered>
        <Stack>
          <Textarea
            label="Reason (kept in the timeline)"
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button onClick={send} loading={verb.isPending}>
            Yes, {asked}
          </Button>
        </Stack>
      </Modal>
    </Group>
  );
}
