import { ActionIcon, AppShell, Badge, Burger, Group, NavLink, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChartBar, IconInbox, IconListDetails, IconLogout, IconMoon, IconSchema, IconSun } from '@tabler/icons-react';
import { Suspense, lazy } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useLive } from '../api/live.ts';
import type { Me } from '../api/shapes.ts';
import { Inbox } from '../inbox/inbox.tsx';
import { TaskList } from '../tasks/task-list.tsx';
import { TaskTypes } from '../types/task-types.tsx';
import { Empty, Loading } from '../ui/states.tsx';

// The chart and the form library are heavy, and the inbox needs neither.
const Overview = lazy(async () => ({ default: (await import('../overview/overview.tsx')).Overview }));
const TaskPage = lazy(async () => ({ default: (await import('../tasks/task-page.tsx')).TaskPage }));

const places = [
  { href: '/', label: 'Overview', Icon: IconChartBar },
  { href: '/inbox', label: 'Inbox', Icon: IconInbox },
  { href: '/tasks', label: 'Tasks', Icon: IconListDetails },
  { href: '/types', label: 'Task types', Icon: IconSchema },
];

export function Shell({ me, signOut }: { readonly me: Me; readonly signOut: () => void }) {
  const [opened, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  const live = useLive();
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={700}>Errand</Text>
            <Badge variant="dot" color={live ? 'teal' : 'red'} tt="none" role="status">
              {live ? 'live' : 'offline'}
            </Badge>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="xs">
              {me.person?.name ?? me.person?.id ?? me.keyId} · {me.namespace}
            </Text>
            <SchemeToggle />
            <ActionIcon variant="subtle" color="gray" onClick={signOut} aria-label="Sign out">
              <IconLogout size={18} />
            </ActionIcon>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {places.map(({ href, label, Icon }) => (
          <NavLink
            key={href}
            component={Link}
            href={href}
            label={label}
            leftSection={<Icon size={18} />}
            onClick={close}
            active={href === '/' ? path === '/' : path.startsWith(href)}
          />
        ))}
        <NavLink component="a" href="/docs" label="API documentation" mt="auto" />
      </AppShell.Navbar>
      <AppShell.Main>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/">
              <Overview />
            </Route>
            <Route path="/inbox">
              <Inbox me={me} />
            </Route>
            <Route path="/tasks">
              <TaskList />
            </Route>
            <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={decodeURIComponent(id)} me={me} />}</Route>
            <Route path="/types">
              <TaskTypes />
            </Route>
            <Route path="/sign-in">
              <Redirect to="/" />
            </Route>
            <Route>
              <Empty>There is no such page. Choose one from the menu.</Empty>
            </Route>
          </Switch>
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={dark ? 'Light colours' : 'Dark colours'}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}
