import { Alert, Button, Group, Modal, Progress, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { pause } from '../api/attention.ts';
import { api } from '../api/client.ts';
import { tasksPage } from '../api/queries.ts';
import type { Task } from '../api/shapes.ts';
import { Failure } from '../ui/states.tsx';
import { statusWords } from '../ui/status-badge.tsx';
import { runBulk, type BulkProgress } from './bulk-run.ts';
import type { Verb } from './task-verbs.ts';

const PAGE = '200';

export interface BulkAsked {
  readonly verb: Verb;
  readonly filters: Readonly<Record<string, string>>;
  /** How many there are, as far as it is known. */
  readonly about: number;
  /** There may be more: not all were counted. */
  readonly orMore?: boolean;
  /** Only tasks that ended with this error. */
  readonly error?: { readonly type: string; readonly code: string };
}

/** Asks for confirmation, then does it, saying how far it is; it can be stopped, and says what was refused and why. */
export function BulkDialog({ asked, onClose }: { readonly asked: BulkAsked; readonly onClose: () => void }) {
  const { verb, filters, about, error } = asked;
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const [state, setState] = useState<'asking' | 'running' | 'stopped' | 'ended'>('asking');
  const [fault, setFault] = useState<Error | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  useFocusBack();
  useLeaveWarning(state === 'running');
  const start = async () => {
    stop.current = new AbortController();
    setState('running');
    const read = { ...filters, status: statusesOf(asked).join(','), limit: PAGE };
    try {
      await runBulk({
        read: (cursor) => api(tasksPage(read, cursor), { signal: stop.current.signal }),
        meant: (task) => error === undefined || (refOf(task) === error.type && task.error?.code === error.code),
        ask: ({ id }) =>
          api(`/tasks/${encodeURIComponent(id)}/${verb.name}`, { method: 'POST', body: reason.trim() ? { reason: reason.trim() } : {} }),
        pause,
        signal: stop.current.signal,
        onProgress: setProgress,
      });
    } catch (thrown) {
      if (!stop.current.signal.aborted) setFault(thrown as Error);
    }
    setState(stop.current.signal.aborted ? 'stopped' : 'ended');
    for (const queryKey of [['task'], ['tasks'], ['inbox'], ['summary'], ['causes']]) void client.invalidateQueries({ queryKey });
  };
  const done = (progress?.done ?? 0) + (progress?.refused ?? 0);
  const many = about.toLocaleString('en');
  const tasks = asked.orMore === true ? `${many} or more tasks` : about === 1 ? 'one task' : `${many} tasks`;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${verb.label} ${tasks}${state === 'asking' ? '?' : ''}`}
      centered
      closeOnClickOutside={state === 'asking'}
      closeOnEscape={state !== 'running'}
      withCloseButton={state !== 'running'}
    >
      {state === 'asking' ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void start();
          }}
        >
          <Stack>
            <Meant asked={asked} />
            <Textarea
              label="Reason"
              description="Kept in the timeline of each."
              data-autofocus
              maxLength={1_000}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button type="submit" color={verb.color ?? 'indigo'}>
              {verb.label} {tasks}
            </Button>
          </Stack>
        </form>
      ) : (
        <Stack>
          <Progress value={state === 'ended' && fault === null ? 100 : (100 * done) / Math.max(about, done, 1)} aria-label="Progress" />
          <Text size="sm" role="status">
            {`${(progress?.done ?? 0).toLocaleString('en')} of ${done > about ? done.toLocaleString('en') : many} done`}
            {progress !== null && progress.refused > 0 && `, ${progress.refused.toLocaleString('en')} refused`}
            {state === 'running' ? '. Keep this page open.' : state === 'stopped' ? ', then stopped.' : '.'}
          </Text>
          {progress !== null && progress.refused > 0 && <Reasons reasons={progress.reasons} />}
          {fault !== null && <Failure error={fault} />}
          <Group justify="flex-end">
            {state === 'running' ? (
              <Button variant="default" onClick={() => stop.current.abort()}>
                Stop
              </Button>
            ) : (
              <Button onClick={onClose} data-autofocus>
                Close
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Meant({ asked }: { readonly asked: BulkAsked }) {
  const { verb, error } = asked;
  return (
    <Text size="sm" c="dimmed">
      {error === undefined ? 'Of every task that matches the filters' : `Of every ${error.type} that ended with ${error.code}`} and is{' '}
      {statusesOf(asked).map(statusWords).join(' or ')}: {verb.words.charAt(0).toLowerCase() + verb.words.slice(1)}
    </Text>
  );
}

function Reasons({ reasons }: { readonly reasons: ReadonlyMap<string, number> }) {
  return (
    <Alert color="orange" title="Refused">
      {[...reasons].map(([reason, count]) => (
        <Text size="sm" key={reason}>
          {count.toLocaleString('en')} × {reason}
        </Text>
      ))}
    </Alert>
  );
}

/** Which of the filtered statuses take this verb. */
export function statusesOf({ verb, filters }: Pick<BulkAsked, 'verb' | 'filters'>): readonly string[] {
  const filtered = (filters['status'] ?? '').split(',').filter(Boolean);
  return filtered.length === 0 ? verb.from : verb.from.filter((status) => filtered.includes(status));
}

export const refOf = ({ type, version }: Pick<Task, 'type' | 'version'>): string => `${type}@${version}`;

/** Where the work goes on once the dialog is gone: at the button that asked, or at the menu it was in. */
function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const back = before instanceof HTMLElement && before.matches('main *') ? before : null;
      setTimeout(() => (back?.isConnected === true ? back : document.querySelector<HTMLElement>('[data-bulk]'))?.focus());
    };
  }, []);
}

/** Leaving the page would leave the rest undone. */
function useLeaveWarning(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [on]);
}
