import { Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery } from '../api/queries.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { exactly } from '../ui/when.ts';

export function TaskTimeline({ id }: { readonly id: string }) {
  const events = useQuery(eventsQuery(id));
  if (events.isPending) return <Loading />;
  if (!events.data) return <Failure error={events.error} retry={() => void events.refetch()} />;
  return (
    <Timeline active={events.data.items.length} bulletSize={14} lineWidth={2}>
      {events.data.items.map((event) => (
        <Timeline.Item key={event.sequence} title={event.type}>
          <Text size="sm" c="dimmed">
            {event.actor.kind} {event.actor.id} · <Time at={event.at} /> · {exactly(event.at)}
          </Text>
          {event.reason && <Text size="sm">“{event.reason}”</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
