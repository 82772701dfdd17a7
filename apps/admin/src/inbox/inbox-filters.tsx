import { Badge, Chip, Group, Select, Stack, Tabs, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { InboxCount, InboxView } from '../api/shapes.ts';
import { Icon } from '../ui/icons.tsx';

const VIEWS: readonly (readonly [InboxView, string])[] = [
  ['mine', 'Mine'],
  ['groups', 'My groups'],
  ['all', 'All'],
];
const SORTS = [
  { value: 'due', label: 'Due first' },
  { value: 'newest', label: 'Newest first' },
];
/** A pause in typing, before the service is asked. */
const TYPING_MS = 250;

export type Filters = Readonly<Record<'view' | 'sort' | 'q' | 'unclaimed' | 'overdue', string>>;

interface Props {
  readonly filters: Filters;
  readonly counts: Readonly<Record<InboxView, InboxCount>> | undefined;
  readonly onFilter: (name: keyof Filters, value: string) => void;
}

/** Which part of the inbox, in which order. The counts are of whole views, whatever is filtered. */
export function InboxFilters({ filters, counts, onFilter }: Props) {
  const view = filters.view as InboxView;
  return (
    <Stack gap="xs">
      <Tabs value={view} onChange={(value) => onFilter('view', value ?? 'groups')}>
        <Tabs.List grow>
          {VIEWS.map(([value, label]) => (
            <Tabs.Tab
              key={value}
              value={value}
              px={4}
              rightSection={
                counts && (
                  <Badge size="sm" variant="light" color="gray" data-count={value} style={{ flex: 'none' }}>
                    {counted(counts[value].open)}
                  </Badge>
                )
              }
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Group gap="xs" wrap="nowrap">
        <Search q={filters.q} onSearch={(q) => onFilter('q', q)} />
        <Select
          aria-label="Order"
          data={SORTS}
          value={filters.sort}
          allowDeselect={false}
          w={140}
          onChange={(value) => onFilter('sort', value ?? 'due')}
        />
      </Group>
      <Group gap={6}>
        <Chip size="xs" checked={filters.unclaimed === 'true'} onChange={(on) => onFilter('unclaimed', on ? 'true' : '')}>
          Unclaimed{counts && ` ${counted(counts[view].unclaimed)}`}
        </Chip>
        <Chip size="xs" color="red" checked={filters.overdue === 'true'} onChange={(on) => onFilter('overdue', on ? 'true' : '')}>
          Overdue{counts && ` ${counted(counts[view].overdue)}`}
        </Chip>
      </Group>
    </Stack>
  );
}

function Search({ q, onSearch }: { readonly q: string; readonly onSearch: (q: string) => void }) {
  const [text, setText] = useState(q);
  const [shown, setShown] = useState(q);
  // The address changed without this field: "Clear the filters".
  if (shown !== q) {
    setShown(q);
    if (q === '' && text.trim() !== '') setText('');
  }
  const search = useDebouncedCallback(onSearch, TYPING_MS);
  return (
    <TextInput
      type="search"
      aria-label="Search the inbox"
      placeholder="Search"
      data-inbox-search
      leftSection={<Icon name="search" size={16} />}
      style={{ flex: 1 }}
      maxLength={200}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}

/** The service counts up to ten thousand. */
function counted(count: number): string {
  return count >= 10_000 ? '10,000+' : count.toLocaleString('en');
}
