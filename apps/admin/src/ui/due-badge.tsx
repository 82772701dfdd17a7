import { Badge, Tooltip } from '@mantine/core';
import { Icon } from './icons.tsx';
import { useNow } from './now.tsx';
import { ago, duration, exactly } from './when.ts';

const SOON_MS = 4 * 3_600_000;

/** When a task is due: red once that has passed, orange in the hours before. */
export function DueBadge({ at }: { readonly at: string }) {
  const now = useNow();
  const leftMs = Date.parse(at) - now;
  const overdue = leftMs < 0;
  return (
    <Tooltip label={`Due ${exactly(at)}`} withArrow>
      <Badge
        variant={overdue ? 'filled' : 'light'}
        color={overdue ? 'red' : leftMs < SOON_MS ? 'orange' : 'gray'}
        tt="none"
        style={{ flex: 'none' }}
        leftSection={<Icon name="clock" size={12} />}
      >
        {overdue ? `overdue by ${duration(-leftMs)}` : `due ${ago(at, now)}`}
      </Badge>
    </Tooltip>
  );
}
