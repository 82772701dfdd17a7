import {
  Alert,
  Button,
  Checkbox,
  Code,
  CopyButton,
  Group,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewKey } from '../api/catalog.ts';
import { api } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { Failure } from '../ui/states.tsx';

const DAY_MS = 86_400_000;
const LIVES = [
  { value: '1', label: 'in a day' },
  { value: '30', label: 'in 30 days' },
  { value: '365', label: 'in a year' },
  { value: '', label: 'never' },
];

interface Props {
  readonly opened: boolean;
  readonly me: Me;
  readonly onClose: () => void;
}

/** A key is shown once: the dialog that shows it is closed by its button alone. */
export function NewKeyDialog({ opened, me, onClose }: Props) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: object) => api<NewKey>('/keys', { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  const close = () => {
    make.reset();
    onClose();
  };
  const made = make.data;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={made ? 'The key, shown this once' : 'Make a key'}
      centered
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
    >
      {made ? (
        <Made made={made} onClose={close} />
      ) : (
        <KeyFields me={me} error={make.error} pending={make.isPending} onMake={(body) => make.mutate(body)} />
      )}
    </Modal>
  );
}

function Made({ made, onClose }: { readonly made: NewKey; readonly onClose: () => void }) {
  return (
    <Stack>
      <Alert color="yellow">Copy it now: nobody can read it again, for the service keeps only what proves it.</Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} data-new-key>
        {made.key}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={made.key}>
          {({ copied, copy }) => (
            <Button onClick={copy} data-autofocus>
              {copied ? 'Copied' : 'Copy the key'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          I have it
        </Button>
      </Group>
    </Stack>
  );
}

interface FieldsProps {
  readonly me: Me;
  readonly error: Error | null;
  readonly pending: boolean;
  readonly onMake: (body: object) => void;
}

function KeyFields({ me, error, pending, onMake }: FieldsProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [person, setPerson] = useState('');
  const [groups, setGroups] = useState<string[]>([]);
  const [days, setDays] = useState<string | null>('365');
  const send = () =>
    onMake({
      name: name.trim(),
      scopes,
      ...(person.trim() ? { person: { id: person.trim(), groups } } : {}),
      ...(days ? { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() } : {}),
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="What it is for, or whose it is."
          required
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label="What it may do" description="No more than your own key." withAsterisk value={scopes} onChange={setScopes}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
            {me.scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <TextInput
          label="Acts as the person"
          description="An id; left empty, it is a program’s key and takes no manual tasks."
          maxLength={200}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
        {person.trim() && (
          <TagsInput label="Groups of the person" description="Enter after each." value={groups} onChange={setGroups} acceptValueOnBlur />
        )}
        <Select label="Expires" data={LIVES} value={days} onChange={setDays} allowDeselect={false} />
        {error && <Failure error={error} />}
        {scopes.length === 0 && (
          <Text size="xs" c="dimmed">
            Choose at least one thing that it may do.
          </Text>
        )}
        <Button type="submit" loading={pending} disabled={!name.trim() || scopes.length === 0}>
          Make the key
        </Button>
      </Stack>
    </form>
  );
}
