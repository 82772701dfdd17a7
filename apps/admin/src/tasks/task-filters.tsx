import { Autocomplete, Box, Button, MultiSelect, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { typesQuery } from '../api/queries.ts';
import { localTime, timeOfLocal } from '../ui/local-time.ts';
import { STATUSES, statusWords } from '../ui/status-badge.tsx';

const KINDS = ['automated', 'manual', 'integration'];
const RECENT = [
  ['15', 'last 15 minutes'],
  ['60', 'last hour'],
  ['1440', 'last 24 hours'],
  ['10080', 'last 7 days'],
].map(([value = '', label = '']) => ({ value, label }));
const DATES = [
  ['createdAfter', 'Created after'],
  ['createdBefore', 'Created before'],
] as const;
export const TASK_FILTERS = ['status', 'type', 'kind', 'tag', 'createdAfter', 'createdBefore'] as const;

type TaskFilters = Readonly<Record<string, string>>;

interface Props {
  readonly filters: TaskFilters;
  readonly onFilter: (name: string, value: string) => void;
  readonly onClear: () => void;
}

export function TaskFilterBar({ filters, onFilter, onClear }: Props) {
  const types = useQuery(typesQuery);
  const names = [...new Set(types.data?.items.map(({ name }) => name))].sort();
  const [opened, { toggle }] = useDisclosure();
  const set = TASK_FILTERS.filter((name) => filters[name]).length;
  const statuses = (filters['status'] ?? '').split(',').filter(Boolean);
  return (
    <>
      <Button hiddenFrom="sm" variant="default" onClick={toggle} aria-expanded={opened}>
        {opened ? 'Hide filters' : `Filters${set === 0 ? '' : ` (${set})`}`}
      </Button>
      <Box {...(opened ? {} : { visibleFrom: 'sm' as const })}>
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs" verticalSpacing="xs" style={{ alignItems: 'end' }}>
          <MultiSelect
            label="Status"
            placeholder={statuses.length === 0 ? 'any' : ''}
            clearable
            data={STATUSES.map((value) => ({ value, label: statusWords(value) }))}
            value={statuses}
            onChange={(values) => onFilter('status', values.join(','))}
          />
          <Select
            label="Kind"
            placeholder="any"
            clearable
            data={KINDS}
            value={filters['kind'] || null}
            onChange={(value) => onFilter('kind', value ?? '')}
          />
          <Typed label="Type" value={filters['type'] ?? ''} data={names} onTyped={(value) => onFilter('type', value)} />
          <Typed label="Tag" value={filters['tag'] ?? ''} data={[]} onTyped={(value) => onFilter('tag', value)} />
          <Select
            label="Created in the"
            placeholder={filters['createdAfter'] ? 'time set beside' : 'any time'}
            data={RECENT}
            value={null}
            onChange={(minutes) => minutes && onFilter('createdAfter', new Date(Date.now() - Number(minutes) * 60_000).toISOString())}
          />
          {DATES.map(([name, label]) => (
            <TextInput
              key={name}
              type="datetime-local"
              label={label}
              value={localTime(filters[name])}
              onChange={({ currentTarget }) => onFilter(name, timeOfLocal(currentTarget.value))}
            />
          ))}
          {set > 0 && (
            <Button variant="default" onClick={onClear}>
              Clear
            </Button>
          )}
        </SimpleGrid>
      </Box>
    </>
  );
}

/** A text that counts once it is chosen, or left, or entered: half a name filters nothing. */
function Typed(props: {
  readonly label: string;
  readonly value: string;
  readonly data: string[];
  readonly onTyped: (value: string) => void;
}) {
  const { label, value, data, onTyped } = props;
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  // The address changed without this field: a link, or "Clear".
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  return (
    <Autocomplete
      label={label}
      placeholder="any"
      data={data}
      value={text}
      onChange={setText}
      onOptionSubmit={onTyped}
      onBlur={() => onTyped(text.trim())}
      onKeyDown={(event) => event.key === 'Enter' && onTyped(text.trim())}
    />
  );
}
