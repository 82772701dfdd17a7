import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Form } from '@rjsf/mantine';
import validator from '@rjsf/validator-ajv8';
import { useQuery } from '@tanstack/react-query';
import { versionsQuery } from '../api/queries.ts';
import type { JsonSchema, Me, Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { FailDialog } from './fail-dialog.tsx';

/** The form a person answers a manual task with; what is typed stays on this device until the task is completed. */
export function ManualForm({ task, me }: { readonly task: Task; readonly me: Me }) {
  const versions = useQuery(versionsQuery(task.type));
  const [draft, setDraft, forget] = useLocalStorage<unknown>({ key: `errand.draft.${task.id}`, getInitialValueInEffect: false });
  const verb = useVerb();
  const holder = task.manual?.holder;
  const mine = holder?.id === (me.person?.id ?? me.keyId);
  const schema = versions.data?.items.find((type) => type.version === task.version)?.outputSchema;
  const complete = (output: unknown) => verb.mutate({ id: task.id, verb: 'complete', body: { output } }, { onSuccess: forget });
  if (versions.isPending) return <Loading />;
  if (!versions.data) return <Failure error={versions.error} retry={() => void versions.refetch()} />;
  return (
    <Paper withBorder p="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            Your answer
          </Title>
          {!holder && (
            <Button onClick={() => verb.mutate({ id: task.id, verb: 'claim' })} loading={verb.isPending}>
              Claim
            </Button>
          )}
          {mine && (
            <Group gap="xs">
              <FailDialog id={task.id} />
              <Button size="xs" variant="default" onClick={() => verb.mutate({ id: task.id, verb: 'release' })}>
                Release
              </Button>
            </Group>
          )}
        </Group>
        {!holder && (
          <Text size="sm" c="dimmed">
            Claim the task to answer it.
          </Text>
        )}
        {holder && !mine && <Alert color="yellow">{holder.name ?? holder.id} holds this task.</Alert>}
        {verb.error && <Failure error={verb.error} />}
        <Form
          schema={formSchema(schema)}
          validator={validator}
          formData={draft}
          disabled={!mine}
          showErrorList={false}
          onChange={({ formData }) => setDraft(formData as unknown)}
          onSubmit={({ formData }) => complete(formData)}
        >
          <Button type="submit" mt="md" disabled={!mine} loading={verb.isPending}>
            Complete
          </Button>
        </Form>
      </Stack>
    </Paper>
  );
}

/** Without `$schema`: the form's validator knows one draft only and would refuse the name of another; the service decides anyway. */
function formSchema(schema: JsonSchema | undefined): JsonSchema {
  const { $schema: _draft, ...rest } = schema ?? {};
  return rest;
}
