import { Badge, Box, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attemptsQuery } from '../api/queries.ts';
import type { Attempt, LogLine } from '../api/shapes.ts';
import { JsonBlock } from '../ui/data-view.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { duration } from '../ui/when.ts';

const COLORS: Readonly<Record<string, string>> = { completed: 'teal', running: 'indigo', waiting: 'yellow', canceled: 'gray' };
const LEVELS: Readonly<Record<string, string>> = { error: 'red', warn: 'orange', debug: 'dimmed' };

export function Attempts({ id, manual }: { readonly id: string; readonly manual: boolean }) {
  const attempts = useQuery(attemptsQuery(id));
  if (attempts.isPending) return <Loading rows={2} />;
  if (!attempts.data) return <Failure error={attempts.error} retry={() => void attempts.refetch()} />;
  if (attempts.data.items.length === 0)
    return <Empty>{manual ? 'People make no attempts: the timeline says who held the task.' : 'No attempt has begun yet.'}</Empty>;
  return (
    <Stack gap="sm">
      {attempts.data.items.map((attempt) => (
        <One key={`${attempt.generation}.${attempt.number}.${attempt.startedAt}`} attempt={attempt} />
      ))}
    </Stack>
  );
}

function One({ attempt }: { readonly attempt: Attempt }) {
  const { number, generation, worker, startedAt, endedAt, outcome, error, logs = [], checkpoint } = attempt;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          Attempt {number}
          {generation > 1 && ` of generation ${generation}`}
        </Text>
        <Badge variant="light" tt="none" color={COLORS[outcome ?? 'running'] ?? 'red'}>
          {(outcome ?? 'running').replaceAll('_', ' ')}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        <Time at={startedAt} />
        {worker && ` · by ${worker}`}
        {endedAt && ` · took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`}
      </Text>
      {error && (
        <Text size="sm" c="red" style={{ overflowWrap: 'anywhere' }}>
          <b>{error.code}</b>: {error.message}
        </Text>
      )}
      {logs.length > 0 && <Log lines={logs} />}
      {checkpoint !== undefined && (
        <Box mt="xs">
          <Text size="xs" c="dimmed">
            Checkpoint
          </Text>
          <JsonBlock value={checkpoint} />
        </Box>
      )}
    </Paper>
  );
}

function Log({ lines }: { readonly lines: readonly LogLine[] }) {
  return (
    <Box
      component="ol"
      mt="xs"
      mb={0}
      pl={0}
      ff="monospace"
      fz="xs"
      mah={320}
      tabIndex={0}
      aria-label="Log"
      style={{ listStyle: 'none', overflow: 'auto' }}
    >
      {lines.map(({ at, level, message }, i) => (
        // Lines are only ever appended.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i} style={{ overflowWrap: 'anywhere' }}>
          <Text span inherit c="dimmed">
            {at.slice(11, 23)}{' '}
          </Text>
          <Text span inherit c={LEVELS[level] ?? 'inherit'}>
            {level.padEnd(5)} {message}
          </Text>
        </li>
      ))}
    </Box>
  );
}
