import { Button, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import type { Count, TaskStatus } from '../api/shapes.ts';
import { STATUSES, STATUS_COLORS, statusWords } from '../ui/status-badge.tsx';
import { statusesOf, type BulkAsked } from './bulk-dialog.tsx';
import { VERBS } from './task-verbs.ts';

interface Props {
  readonly count: Count;
  readonly filters: Readonly<Record<string, string>>;
  readonly operates: boolean;
  readonly causesShown: boolean;
  readonly onStatus: (status: string) => void;
  readonly onCauses: () => void;
  readonly onAsk: (asked: BulkAsked) => void;
}

/** How many tasks match, by status, and what can be done with all of them. */
export function BulkBar({ count, filters, operates, causesShown, onStatus, onCauses, onAsk }: Props) {
  const { byStatus } = count;
  const present = STATUSES.filter((status) => byStatus[status]);
  const failed = (byStatus.failed ?? 0) + (byStatus.timed_out ?? 0);
  const offers = VERBS.filter(({ name }) => name !== 'replay')
    .map((verb) => ({ verb, filters, about: countOf(byStatus, statusesOf({ verb, filters })) }))
    .filter(({ about }) => about > 0);
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="sm">
        <Text size="sm" c="dimmed" role="status">
          {count.count.toLocaleString('en')} {count.count === 1 ? 'task' : 'tasks'}
        </Text>
        {present.length > 1 &&
          present.map((status) => (
            <UnstyledButton key={status} fz="sm" onClick={() => onStatus(status)} title={`Show only ${statusWords(status)}`}>
              <Dot status={status} /> {byStatus[status]?.toLocaleString('en')} {statusWords(status)}
            </UnstyledButton>
          ))}
      </Group>
      <Group gap="xs">
        {failed > 0 && !causesShown && (
          <Button size="xs" variant="default" onClick={onCauses}>
            Why did they fail?
          </Button>
        )}
        {operates && offers.length > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" data-bulk>
                Do with all…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {offers.map((asked) => (
                <Menu.Item
                  key={asked.verb.name}
                  onClick={() => onAsk(asked)}
                  rightSection={asked.about.toLocaleString('en')}
                  c={asked.verb.color ?? 'inherit'}
                >
                  {asked.verb.label}…
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Group>
  );
}

function Dot({ status }: { readonly status: TaskStatus }) {
  const background = `var(--mantine-color-${STATUS_COLORS[status]}-6)`;
  return <span aria-hidden="true" style={{ display: 'inline-block', width: 8, height: 8, borderRadius: 4, background }} />;
}

function countOf(byStatus: Count['byStatus'], statuses: readonly string[]): number {
  return statuses.reduce((sum, status) => sum + (byStatus[status as TaskStatus] ?? 0), 0);
}
