import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { rulesQuery, type RoutingRules } from '../api/catalog.ts';
import { ApiError, api } from '../api/client.ts';
import { JsonField, parsedJson } from '../ui/json-field.tsx';
import { Failure } from '../ui/states.tsx';

interface Saved {
  readonly value: RoutingRules;
  readonly etag: string;
}

interface Props {
  readonly opened: boolean;
  readonly saved: Saved;
  readonly onClose: () => void;
}

/** The rules as their list. Saved only over the state that was read: two operators in one incident do not undo each other. */
export function RulesDialog({ opened, saved, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change the routing rules" centered size="xl" closeOnClickOutside={false}>
      <Fields saved={saved} onClose={onClose} />
    </Modal>
  );
}

function Fields({ saved: current, onClose }: Omit<Props, 'opened'>) {
  // As they were when the editing began.
  const [saved] = useState(current);
  const [text, setText] = useState(JSON.stringify(saved.value.rules, null, 2));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (rules: unknown) =>
      api<RoutingRules>('/routing-rules', { method: 'PUT', body: { rules }, headers: { 'if-match': saved.etag } }),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: 'The rules are saved, in force everywhere within ten seconds.' });
      onClose();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  const parsed = parsedJson(text);
  const changedMeanwhile = save.error instanceof ApiError && save.error.problem.status === 412;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.ok) save.mutate(parsed.value);
      }}
    >
      <Stack>
        <JsonField
          label="Rules, in order"
          description='Each has a name, conditions (kind, type, tags, when), and a route: a lane, a priority, or both. For instance { "name": "big", "when": "${input.amount > 1000}", "route": { "priority": 1 } }.'
          value={text}
          onChange={setText}
          autoFocus
        />
        {save.error && <Failure error={save.error} />}
        {changedMeanwhile && (
          <Text size="sm">
            Somebody else has saved other rules since you began. Copy yours, close this, and open it again to see theirs.
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave them as they are
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!parsed.ok}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
