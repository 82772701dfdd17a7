import { Button, Modal, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useVerb } from '../api/verbs.ts';

export function FailDialog({ id }: { readonly id: string }) {
  const [opened, { open, close }] = useDisclosure();
  const [message, setMessage] = useState('');
  const verb = useVerb();
  const send = () => verb.mutate({ id, verb: 'fail', body: { error: { code: 'rejected', message } } }, { onSuccess: close });
  return (
    <>
      <Button size="xs" variant="light" color="red" onClick={open}>
        Fail
      </Button>
      <Modal opened={opened} onClose={close} title="Why can this task not be done?" centered>
        <Stack>
          <Textarea label="Message" required data-autofocus value={message} onChange={(event) => setMessage(event.currentTarget.value)} />
          <Button color="red" disabled={!message.trim()} loading={verb.isPending} onClick={send}>
            Fail the task
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
