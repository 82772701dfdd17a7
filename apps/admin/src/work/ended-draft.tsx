import { Alert, Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { Me, Task } from '../api/shapes.ts';
import { DataView } from '../ui/data-view.tsx';
import { useDraft } from './draft.ts';

const WHAT_HAPPENED: Readonly<Record<string, string>> = {
  completed: 'This task was completed',
  failed: 'This task has failed',
  timed_out: 'Time ran out for this task',
  canceled: 'This task was canceled',
  skipped: 'This task was skipped',
  paused: 'This task is paused',
};

/** Text that was typed into a form which is no longer there: the task ended, or rests, while somebody worked on it. */
export function EndedDraft({ task, me, onDone }: { readonly task: Task; readonly me: Me; readonly onDone?: () => void }) {
  const draft = useDraft(me.person?.id ?? '', task.id);
  if (draft.value === undefined) return null;
  if (same(draft.value, task.output) || same(parsed(draft.value), task.output))
    return (
      <Arrived
        onSeen={() => {
          draft.forget();
          onDone?.();
        }}
      />
    );
  const paused = task.endedAt === undefined;
  return (
    <Alert color="yellow" role="status" title={`${WHAT_HAPPENED[task.status] ?? 'This task takes no answer now'} while you were at it`}>
      <Stack gap="sm">
        <Text size="sm">
          {paused
            ? 'What you typed is kept on this device. The form comes back as soon as somebody resumes the task.'
            : 'What you typed was not sent, and is kept on this device. Copy what you still need.'}
        </Text>
        <DataView title="What you typed" value={draft.value} />
        <Group gap="xs">
          <CopyButton value={typeof draft.value === 'string' ? draft.value : JSON.stringify(draft.value, null, 2)}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy what you typed'}
              </Button>
            )}
          </CopyButton>
          {!paused && (
            <Button size="xs" variant="default" onClick={draft.forget}>
              Throw it away
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** The answer arrived, although the service could not say so. */
function Arrived({ onSeen }: { readonly onSeen: () => void }) {
  return (
    <Alert color="teal" role="status" title="Your answer has arrived">
      <Text size="sm">The task is completed with what you typed, although the connection broke before the service could say so.</Text>
      <Button mt="sm" size="xs" variant="default" onClick={onSeen}>
        Go on
      </Button>
    </Alert>
  );
}

/** An answer typed as JSON is kept as its text. */
function parsed(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a).filter(([, value]) => value !== undefined), Object.entries(b)];
  return left.length === right.length && left.every(([name, value]) => same(value, (b as Record<string, unknown>)[name]));
}
