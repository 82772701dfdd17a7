import { Button, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { VerbMutation } from '../api/verbs.ts';

const MAX_MESSAGE_LENGTH = 2_000;

/** Ends a task that cannot be done. The reason is the task's error, for whoever submitted it. */
export function FailDialog({ id, verb, onFailed }: { readonly id: string; readonly verb: VerbMutation; readonly onFailed: () => void }) {
  const [opened, { open, close }] = useDisclosure();
  const [message, setMessage] = useState('');
  const [code, setCode] = useState('rejected');
  const send = async () => {
    try {
      await verb.mutateAsync({ id, verb: 'fail', body: { error: { code: code.trim(), message: message.trim() } } });
      close();
      onFailed();
    } catch {
      // The mutation has said why; what was typed stays.
    }
  };
  return (
    <>
      <Button variant="light" color="red" onClick={open}>
        Fail…
      </Button>
      <Modal opened={opened} onClose={close} title="Why can this task not be done?" centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <Stack>
            <Text size="sm" c="dimmed">
              The task ends as failed, for good. Whoever submitted it reads this.
            </Text>
            <Textarea
              label="Reason"
              required
              data-autofocus
              autosize
              minRows={3}
              maxLength={MAX_MESSAGE_LENGTH}
              value={message}
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
            <TextInput
              label="Error code"
              description="For programs that react to it."
              required
              maxLength={100}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" color="red" disabled={!message.trim() || !code.trim()} loading={verb.isPending}>
              Fail the task
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
