import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';

interface Verb {
  readonly name: string;
  readonly label: string;
  /** What it does, before it is done. */
  readonly words: string;
  readonly color?: string;
}

const VERBS = {
  retryNow: { name: 'retry-now', label: 'Start now', words: 'The next attempt starts at once.' },
  pause: { name: 'pause', label: 'Pause', words: 'Nothing happens to it until somebody resumes it. A running attempt ends first.' },
  resume: { name: 'resume', label: 'Resume', words: 'It goes on where it was.' },
  skip: { name: 'skip', label: 'Skip', words: 'It ends without a result.' },
  cancel: { name: 'cancel', label: 'Cancel', words: 'It ends without a result; a running attempt is told to stop.', color: 'red' },
  redrive: {
    name: 'redrive',
    label: 'Redrive',
    words: 'It is tried again, with all its attempts, under the same id and the same idempotency key.',
  },
  replay: { name: 'replay', label: 'Replay', words: 'A new task is made of the same input. Third parties take it for a new request.' },
} as const satisfies Readonly<Record<string, Verb>>;

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped']);

function verbsFor({ status }: Task): readonly Verb[] {
  if (status === 'completed') return [VERBS.replay];
  if (ENDED.has(status)) return [VERBS.redrive, VERBS.replay];
  if (status === 'paused') return [VERBS.resume, VERBS.skip, VERBS.cancel];
  if (status === 'running') return [VERBS.pause, VERBS.cancel];
  if (status === 'retrying' || status === 'scheduled') return [VERBS.retryNow, VERBS.pause, VERBS.skip, VERBS.cancel];
  return [VERBS.pause, VERBS.skip, VERBS.cancel];
}

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
      {verbsFor(task).map((one) => (
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
