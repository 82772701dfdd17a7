import { Modal, Stack, Text } from '@mantine/core';
import type { Me } from '../api/shapes.ts';
import { KeyForm } from './sign-in.tsx';

interface Props {
  readonly opened: boolean;
  readonly enter: (key: string, me: Me) => void;
  readonly signOut: () => void;
}

/** The key was revoked or has expired while somebody works: the page behind stays as it is until there is another. */
export function KeyRefused({ opened, enter, signOut }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={signOut}
      title="Your key is no longer valid"
      centered
      closeOnClickOutside={false}
      closeOnEscape={false}
      closeButtonProps={{ 'aria-label': 'Sign out' }}
    >
      <Stack>
        <Text size="sm">
          It was revoked, or it has expired. Sign in with another to go on where you were: what you typed is kept on this device.
        </Text>
        <KeyForm enter={enter} />
      </Stack>
    </Modal>
  );
}
