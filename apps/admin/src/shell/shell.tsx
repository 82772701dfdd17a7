import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Link, useLocation } from 'wouter';
import { useLive, type Live } from '../api/live.ts';
import { inboxCountsQuery } from '../api/queries.ts';
import type { Me } from '../api/shapes.ts';
import { Boundary } from '../ui/boundary.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Loading } from '../ui/states.tsx';
import { Pages } from './pages.tsx';

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** Shown to whoever has one of these; to everybody when left out. */
  readonly scopes?: readonly string[];
}

const PLACES: readonly Place[] = [
  { href: '/', label: 'Overview', icon: 'overview', scopes: ['tasks:read'] },
  { href: '/inbox', label: 'Inbox', icon: 'inbox' },
  { href: '/tasks', label: 'Tasks', icon: 'tasks', scopes: ['tasks:read'] },
  { href: '/types', label: 'Task types', icon: 'types', scopes: ['tasks:read'] },
  { href: '/routing', label: 'Routing', icon: 'routing', scopes: ['tasks:read'] },
  { href: '/third-parties', label: 'Third parties', icon: 'thirdParties', scopes: ['connections:write', 'hooks:write'] },
  { href: '/keys', label: 'Keys', icon: 'key', scopes: ['keys:write'] },
];

/** The frame around every page: where to go, who you are, and whether what you see is live. */
export function Shell({ me, signOut }: { readonly me: Me; readonly signOut: () => void }) {
  const [opened, { toggle, close }] = useDisclosure();
  const live = useLive();
  const [path] = useLocation();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={750} fz="lg" component={Link} href="/" c="inherit" td="none">
              Errand
            </Text>
            <LiveBadge live={live} />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Who me={me} />
            <SchemeToggle />
            <Tooltip label="Sign out" withArrow>
              <ActionIcon variant="subtle" color="gray" onClick={signOut} aria-label="Sign out">
                <Icon name="signOut" />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <Places me={me} onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main>
        <Boundary page={path}>
          <Suspense fallback={<Loading />}>
            <Pages me={me} />
          </Suspense>
        </Boundary>
      </AppShell.Main>
    </AppShell>
  );
}

function Places({ me, onGo }: { readonly me: Me; readonly onGo: () => void }) {
  const [path] = useLocation();
  const counts = useQuery({ ...inboxCountsQuery, enabled: worksByHand(me) });
  const forMe = (counts.data?.mine.open ?? 0) + (counts.data?.groups.unclaimed ?? 0);
  return (
    <>
      {PLACES.filter(({ scopes }) => scopes?.some((scope) => me.scopes.includes(scope)) !== false).map(({ href, label, icon }) => (
        <NavLink
          key={href}
          component={Link}
          href={href}
          label={label}
          leftSection={<Icon name={icon} />}
          rightSection={
            href === '/inbox' && forMe > 0 ? (
              <Badge size="sm" circle={forMe < 10} variant="filled" aria-label={`${forMe} tasks for you`}>
                {forMe > 999 ? '999+' : forMe}
              </Badge>
            ) : undefined
          }
          onClick={onGo}
          active={href === '/' ? path === '/' : path.startsWith(href)}
        />
      ))}
      <NavLink component="a" href="/docs/" label="API documentation" leftSection={<Icon name="docs" />} mt="auto" />
    </>
  );
}

function worksByHand({ scopes }: Me): boolean {
  return scopes.includes('manual:work') || scopes.includes('manual:admin');
}

const LIVE: Readonly<Record<Live, { readonly color: string; readonly hint: string }>> = {
  connecting: { color: 'gray', hint: 'Connecting to the service' },
  live: { color: 'teal', hint: 'Changes show by themselves' },
  'not live': { color: 'gray', hint: 'This key may not follow changes. Load the page again to see them.' },
  offline: { color: 'red', hint: 'The service cannot be reached. What you type is kept; this page connects again by itself.' },
};

function LiveBadge({ live }: { readonly live: Live }) {
  return (
    <Tooltip label={LIVE[live].hint} withArrow multiline maw={260}>
      <Badge variant="dot" color={LIVE[live].color} tt="none" role="status" style={{ flex: 'none' }}>
        {live}
      </Badge>
    </Tooltip>
  );
}

function Who({ me }: { readonly me: Me }) {
  const groups = me.person?.groups ?? [];
  const hint = me.person === undefined ? 'This key acts as nobody' : groups.length === 0 ? 'In no group' : `Groups: ${groups.join(', ')}`;
  return (
    <Tooltip label={hint} withArrow>
      <Group gap={6} wrap="nowrap" visibleFrom="xs" c="dimmed">
        <Icon name="person" size={16} />
        <Text size="sm" truncate maw={240}>
          {me.person?.name ?? me.person?.id ?? me.keyId} · {me.namespace}
        </Text>
      </Group>
    </Tooltip>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={label} withArrow>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        <Icon name={dark ? 'sun' : 'moon'} />
      </ActionIcon>
    </Tooltip>
  );
}
