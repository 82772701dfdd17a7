import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api } from '../api/client.ts';
import type { TaskType } from '../api/shapes.ts';
import { JsonField, parsedJson } from '../ui/json-field.tsx';
import { Failure } from '../ui/states.tsx';

/** What a first type may look like. */
const FIRST = {
  name: 'area.verb',
  version: 1,
  kind: 'manual',
  title: 'What a person reads',
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean', title: 'Is it right?' } } },
};

interface Props {
  /** The version to go on from, or nothing for a new type; `null` while closed. */
  readonly from: { readonly type?: TaskType; readonly highest: number } | null;
  readonly onClose: () => void;
  readonly onPublished: (type: TaskType) => void;
}

/** Publishes a type or its next version. What breaks those who use the version before is said first, and asked once more. */
export function PublishDialog({ from, onClose, onPublished }: Props) {
  return (
    <Modal
      opened={from !== null}
      onClose={onClose}
      title={from?.type === undefined ? 'Publish a task type' : `Publish ${from.type.name}@${from.highest + 1}`}
      centered
      size="xl"
      closeOnClickOutside={false}
    >
      {from !== null && <Fields first={bodyOf(from)} onClose={onClose} onPublished={onPublished} />}
    </Modal>
  );
}

interface FieldsProps {
  readonly first: object;
  readonly onClose: () => void;
  readonly onPublished: (type: TaskType) => void;
}

function Fields({ first, onClose, onPublished }: FieldsProps) {
  const [text, setText] = useState(JSON.stringify(first, null, 2));
  const client = useQueryClient();
  const publish = useMutation({
    mutationFn: ({ body, force }: { readonly body: unknown; readonly force: boolean }) =>
      api<TaskType>(`/task-types${force ? '?force=true' : ''}`, { method: 'POST', body }),
    onSuccess: (type) => {
      void client.invalidateQueries({ queryKey: ['types'] });
      notifications.show({ color: 'teal', message: `${type.name}@${type.version} is published.` });
      onPublished(type);
    },
  });
  const parsed = parsedJson(text);
  const send = (force: boolean) => parsed.ok && publish.mutate({ body: parsed.value, force });
  const breaks = publish.error instanceof ApiError && publish.error.problem.code === 'incompatible_schema';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <Stack>
        <JsonField
          label="Definition"
          description="A version never changes once it is published."
          autoFocus
          value={text}
          onChange={(value) => {
            setText(value);
            publish.reset();
          }}
        />
        {publish.error && !breaks && <Failure error={publish.error} />}
        {breaks && <Breaks error={publish.error as ApiError} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Do not publish
          </Button>
          {breaks ? (
            <Button color="red" loading={publish.isPending} onClick={() => send(true)}>
              Publish all the same
            </Button>
          ) : (
            <Button type="submit" loading={publish.isPending} disabled={!parsed.ok}>
              Publish
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function Breaks({ error: { problem } }: { readonly error: ApiError }) {
  return (
    <Alert color="orange" role="alert" title="This breaks those who use the version before">
      {problem.errors?.map(({ pointer, detail }) => (
        <Text size="sm" key={`${pointer} ${detail}`}>
          <code>{pointer}</code>: {detail}
        </Text>
      ))}
      <Text size="sm" mt="xs">
        They may be refused, or get what they do not expect. Do they know?
      </Text>
    </Alert>
  );
}

/** The definition as it is sent: without what the service adds to it. */
function bodyOf({ type, highest }: NonNullable<Props['from']>): object {
  if (type === undefined) return FIRST;
  const { source: _source, createdAt: _createdAt, ...body } = type;
  return { ...body, version: highest + 1 };
}
