import { Alert, Button, CopyButton, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Suspense, lazy, useState } from 'react';
import { ApiError } from '../api/client.ts';
import type { FieldError, Me, Task } from '../api/shapes.ts';
import { explainRefusal, useAsked, useVerb } from '../api/verbs.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { useDraft } from './draft.ts';
import { FailDialog } from './fail-dialog.tsx';
import { candidatesOf, mayTake } from './may-take.ts';
import { useTypeOf } from './use-type-of.ts';

// The form library is heavy, and most pages draw no form.
const AnswerForm = lazy(async () => ({ default: (await import('./answer-form.tsx')).AnswerForm }));
const NO_ERRORS: readonly FieldError[] = [];

interface Props {
  readonly task: Task;
  readonly me: Me;
  /** The task was answered or failed by this person. */
  readonly onDone?: () => void;
}

/** Where a person answers a manual task: who holds it, the form, and what can be done with it. Mount it anew for another task. */
export function WorkPanel({ task, me, onDone }: Props) {
  const myId = me.person?.id ?? '';
  const { type, isPending, error, refetch } = useTypeOf(task);
  const draft = useDraft(myId, task.id);
  const verb = useVerb();
  const asked = useAsked(task.id);
  const [faults, setFaults] = useState(0);
  const holder = task.manual?.holder ?? null;
  const mine = holder?.id === myId;
  const may = mine || (holder === null && mayTake(task, me));
  const formId = `answer-${task.id}`;
  const ask = (name: string, body?: unknown) => verb.mutateAsync({ id: task.id, verb: name, body });
  const done = (words: string): void => {
    draft.forget();
    notifications.show({ color: 'teal', message: words });
    onDone?.();
  };
  const complete = async (output: unknown): Promise<void> => {
    try {
      if (!mine) await ask('claim');
      await ask('complete', { output });
      done('Done. The answer is with whoever asked.');
    } catch {
      // The mutation has said why; the draft is kept.
    }
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Your answer">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h4">
            Your answer
          </Title>
          {mine && (
            <Group gap="xs">
              <Button variant="default" loading={asked} onClick={() => void ask('release').catch(() => {})}>
                Release
              </Button>
              <FailDialog id={task.id} verb={verb} onFailed={() => done('The task has failed, with your reason.')} />
            </Group>
          )}
          {holder === null && may && (
            <Button loading={asked} onClick={() => void ask('claim').catch(() => {})}>
              Claim
            </Button>
          )}
          {holder !== null && !mine && me.scopes.includes('manual:admin') && (
            <Button variant="default" loading={asked} onClick={() => void ask('release').catch(() => {})}>
              Take it from {holder.name ?? holder.id}
            </Button>
          )}
        </Group>
        <Standing task={task} me={me} typed={draft.value} />
        {isPending ? (
          <Loading rows={3} />
        ) : error !== null ? (
          <Failure error={error} retry={refetch} />
        ) : (
          <Suspense fallback={<Loading rows={3} />}>
            {/* The button comes with its form: before, a click would do nothing. */}
            <AnswerForm
              id={formId}
              schema={type?.outputSchema}
              value={draft.value}
              disabled={!may}
              errors={fieldErrors(verb.error)}
              onChange={(value) => {
                draft.keep(value);
                if (verb.isError) verb.reset();
              }}
              onSubmit={(output) => void complete(output)}
              onJudged={setFaults}
            />
            {may && (
              <Group justify="space-between" wrap="nowrap">
                <Text size="xs" c={faults > 0 ? 'red' : 'dimmed'} role="status">
                  {faults > 0
                    ? `Not sent: ${faults === 1 ? 'one entry needs' : `${faults} entries need`} another look.`
                    : draft.value === undefined
                      ? 'What you type is kept on this device.'
                      : 'Draft kept on this device.'}
                </Text>
                <Button type="submit" form={formId} loading={asked} style={{ flex: 'none' }}>
                  {mine ? 'Complete' : 'Claim and complete'}
                </Button>
              </Group>
            )}
          </Suspense>
        )}
        {verb.error && fieldErrors(verb.error).length === 0 && (
          <Text size="sm" c="red" role="alert">
            {explainRefusal(verb.error)}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** Who holds the task, and what that means for the reader. */
function Standing({ task, me, typed }: { readonly task: Task; readonly me: Me; readonly typed: unknown }) {
  const { holder, heldSince } = task.manual ?? { holder: null };
  if (me.person === undefined)
    return <Alert color="yellow">This key acts as nobody. Sign in with a key that was made for a person to take tasks.</Alert>;
  if (holder === null) {
    if (!mayTake(task, me))
      return <Alert color="yellow">You are not among the candidates of this task. It is for {candidatesOf(task)}.</Alert>;
    return (
      <Text size="sm" c="dimmed">
        Nobody holds this task. Claim it so that nobody else begins.
      </Text>
    );
  }
  if (holder.id === me.person.id)
    return (
      <Text size="sm" c="dimmed">
        {heldSince ? (
          <>
            You claimed this task <Time at={heldSince} />.
          </>
        ) : (
          'You hold this task.'
        )}
      </Text>
    );
  return (
    <Alert color="yellow" role="status" title={`${holder.name ?? holder.id} holds this task`}>
      <Text size="sm">
        {heldSince && (
          <>
            Claimed <Time at={heldSince} />.{' '}
          </>
        )}
        {typed !== undefined && 'What you typed is kept on this device, and can be sent should the task be free again.'}
      </Text>
      {typed !== undefined && (
        <CopyButton value={JSON.stringify(typed, null, 2)}>
          {({ copied, copy }) => (
            <Button mt="xs" size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy what you typed'}
            </Button>
          )}
        </CopyButton>
      )}
    </Alert>
  );
}

function fieldErrors(error: Error | null): readonly FieldError[] {
  return error instanceof ApiError ? (error.problem.errors ?? NO_ERRORS) : NO_ERRORS;
}
