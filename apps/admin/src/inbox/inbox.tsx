import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearchParams } from 'wouter';
import { inboxQuery, taskQuery, typesQuery } from '../api/queries.ts';
import type { InboxView, Me, Task } from '../api/shapes.ts';
import { Icon } from '../ui/icons.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { InboxFilters, type Filters } from './inbox-filters.tsx';
import { InboxPane } from './inbox-pane.tsx';
import { InboxRow } from './inbox-row.tsx';
import { useInboxKeys } from './use-inbox-keys.ts';
import classes from './inbox.module.css';

const PAGE = '50';
const WIDE = '(min-width: 62em)';
const NOBODY = 'This key acts as nobody. Sign in with a key that was made for a person to see their tasks.';
const EMPTY: Readonly<Record<InboxView, string>> = {
  mine: 'You hold no task. Look under “My groups” and claim one.',
  groups: 'Nothing waits for your groups. New tasks appear here by themselves.',
  all: 'No task waits for a person. Submit one of a manual type and it appears here.',
};

/** What waits for people: the list, and beside it the task that is open. On a phone it is one or the other. */
export function Inbox({ me, open }: { readonly me: Me; readonly open?: string }) {
  const [params, setParams] = useSearchParams();
  const [, go] = useLocation();
  const wide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const filters: Filters = {
    view: viewOf(params.get('view')),
    sort: params.get('sort') ?? 'due',
    q: params.get('q') ?? '',
    unclaimed: params.get('unclaimed') ?? '',
    overdue: params.get('overdue') ?? '',
  };
  const list = useInfiniteQuery({ ...inboxQuery({ ...filters, limit: PAGE }), placeholderData: (before) => before });
  const unclaimed = list.data?.pages[0]?.counts.groups.unclaimed ?? 0;
  usePageTitle(unclaimed > 0 ? `Inbox (${unclaimed})` : 'Inbox');
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? [];
  const hrefOf = (id: string | undefined): string => {
    const query = params.toString();
    return `/inbox${id === undefined ? '' : `/${id}`}${query && `?${query}`}`;
  };
  const show = (task: Task | undefined) => go(hrefOf(task?.id), { replace: true });
  const at = tasks.findIndex(({ id }) => id === open);
  const opened = useQuery({ ...taskQuery(open ?? ''), enabled: open !== undefined });
  const more = () => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage();
  useInboxKeys({ tasks, current: open === undefined ? undefined : (opened.data ?? tasks[at]), show, more, myId: me.person?.id ?? '' });
  const setFilter = (name: keyof Filters, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return (
    <div className={classes['panes']}>
      {(wide || open === undefined) && (
        <Stack gap="sm" className={classes['list'] ?? ''}>
          <Title order={1} size="h3">
            Inbox
          </Title>
          <InboxFilters filters={filters} counts={list.data?.pages[0]?.counts} onFilter={setFilter} />
          {list.isPending && <Loading />}
          {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
          {list.isSuccess && tasks.length === 0 && <Empty>{me.person === undefined ? NOBODY : emptyWords(filters)}</Empty>}
          {list.isSuccess && tasks.length === 0 && isFiltered(filters) && (
            <Button variant="default" onClick={() => setParams({ view: filters.view }, { replace: true })}>
              Clear the filters
            </Button>
          )}
          <Rows
            tasks={tasks}
            stale={list.isPlaceholderData}
            hrefOf={hrefOf}
            myId={me.person?.id ?? ''}
            {...(open === undefined ? {} : { open })}
          />
          {list.hasNextPage && (
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()} style={{ flex: 'none' }}>
              Load more
            </Button>
          )}
        </Stack>
      )}
      {open !== undefined && (
        <Stack gap="sm" style={{ minWidth: 0 }}>
          {!wide && (
            <Anchor component={Link} href={hrefOf(undefined)} size="sm">
              <Group gap={4}>
                <Icon name="back" size={16} /> Inbox
              </Group>
            </Anchor>
          )}
          <InboxPane
            key={open}
            id={open}
            me={me}
            {...(tasks[at] === undefined ? {} : { known: tasks[at] })}
            alone={!wide}
            onDone={() => isStillOpen(open) && show(nextOf(tasks, at, me))}
          />
        </Stack>
      )}
      {wide && open === undefined && <NothingOpen />}
    </div>
  );
}

interface RowsProps {
  readonly tasks: readonly Task[];
  /** They are of the filters before: the others are on their way. */
  readonly stale: boolean;
  readonly open?: string;
  readonly hrefOf: (id: string) => string;
  readonly myId: string;
}

function Rows({ tasks, stale, open, hrefOf, myId }: RowsProps) {
  const types = useQuery(typesQuery);
  const titleOf = (task: Task) =>
    types.data?.items.find(({ name, version }) => name === task.type && version === task.version)?.title ?? task.type;
  const style = { listStyle: 'none', opacity: stale ? 0.5 : 1 };
  return (
    <Stack gap={8} component="ul" p={0} m={0} style={style} aria-label="Tasks" aria-busy={stale}>
      {tasks.map((task) => (
        <InboxRow key={task.id} task={task} title={titleOf(task)} href={hrefOf(task.id)} open={task.id === open} myId={myId} />
      ))}
    </Stack>
  );
}

function NothingOpen() {
  return (
    <Paper withBorder p="xl" style={{ alignSelf: 'start' }}>
      <Stack align="center" gap={4} py="xl">
        <Icon name="inbox" size={32} />
        <Text fw={600}>Choose a task</Text>
        <Text size="sm" c="dimmed" ta="center">
          Or use the keyboard: j and k go down and up, c claims, a goes to the answer and Escape back, Ctrl + Enter completes, r releases, /
          searches.
        </Text>
      </Stack>
    </Paper>
  );
}

function viewOf(asked: string | null): InboxView {
  return asked === 'mine' || asked === 'all' ? asked : 'groups';
}

/** An answer may arrive late: whoever has gone on to another task stays there. */
function isStillOpen(id: string): boolean {
  return location.pathname.endsWith(`/${encodeURIComponent(id)}`);
}

/** After a task is done: the next in the list that is one's own or nobody's. */
function nextOf(tasks: readonly Task[], at: number, me: Me): Task | undefined {
  const after = [...tasks.slice(at + 1), ...tasks.slice(0, Math.max(at, 0))];
  return after.find(({ manual }) => manual?.holder == null || manual.holder.id === me.person?.id);
}

function isFiltered({ q, unclaimed, overdue }: Filters): boolean {
  return [q, unclaimed, overdue].some(Boolean);
}

function emptyWords(filters: Filters): string {
  const { view } = filters;
  if (isFiltered(filters)) return 'Nothing matches.';
  return EMPTY[view as InboxView] ?? EMPTY.all;
}
