import { Stack, Title } from '@mantine/core';
import type { Me } from '../api/shapes.ts';
import { usePageTitle } from '../ui/page-title.ts';
import { Connections } from './connections.tsx';
import { Hooks } from './hooks.tsx';

/** Whom the service calls, and who calls it. */
export function ThirdParties({ me }: { readonly me: Me }) {
  usePageTitle('Third parties');
  return (
    <Stack gap="lg">
      <Title order={1} size="h3">
        Third parties
      </Title>
      {me.scopes.includes('connections:write') && <Connections />}
      {me.scopes.includes('hooks:write') && <Hooks />}
    </Stack>
  );
}
