import { Group, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery } from '../api/queries.ts';
import type { TaskEvent } from '../api/shapes.ts';
import { JsonBlock } from '../ui/data-view.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { exactly } from '../ui/when.ts';
import { eventWords } from './event-words.ts';

/** What happened to a task, oldest first. */
export function TaskTimeline({ id }: { readonly id: string }) {
  const events = useQuery(eventsQuery(id));
  if (events.isPending) return <Loading rows={3} />;
  if (!events.data) return <Failure error={events.error} retry={() => void events.refetch()} />;
  return (
    <Timeline active={events.data.items.length} bulletSize={16} lineWidth={2}>
      {events.data.items.map((event) => (
        <Entry key={event.sequence} event={event} />
      ))}
    </Timeline>
  );
}

/** Mantine's timeline wants its items as they are, so this is a function of one. */
function Entry({ event, ...timeline }: { readonly event: TaskEvent }) {
  const { title, detail, color } = eventWords(event);
  const hasData = event.data !== undefined && Object.keys(event.data).length > 0;
  return (
    <Timeline.Item {...timeline} color={color} title={title}>
      {detail && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {detail}
        </Text>
      )}
      {event.reason && <Text size="sm">“{event.reason}”</Text>}
      <Group gap={6}>
        <Text size="xs" c="dimmed">
          {exactly(event.at)} · {event.actor.kind === 'system' ? 'the service' : `${event.actor.kind} ${event.actor.id ?? ''}`}
        </Text>
      </Group>
      {hasData && (
        <details>
          <Text component="summary" size="xs" c="dimmed" style={{ cursor: 'pointer' }}>
            {event.type}, event {event.sequence}
          </Text>
          <JsonBlock value={event.data} />
        </details>
      )}
    </Timeline.Item>
  );
}
