import { Badge, Group, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/shapes.ts';
import { Time } from '../ui/time.tsx';
import { duration } from '../ui/when.ts';
import { candidatesOf } from '../work/may-take.ts';

/** What there is to know of a task beside its data. */
export function TaskFacts({ task }: { readonly task: Task }) {
  const { kind, route, priority, attempt, generation, createdAt, startedAt, endedAt, scheduledFor, wakeAt, tags = [] } = task;
  const facts: [string, ReactNode][] = [
    ['Kind', kind],
    ['Route', route ? `${route.executor}, by ${route.rule === 'default' ? 'default' : `rule ${route.rule}`}` : ''],
    ['Priority', String(priority)],
    ['Attempts', kind === 'manual' ? '' : generation > 1 ? `${attempt}, in generation ${generation}` : String(attempt)],
    ['Created', <Time key="created" at={createdAt} />],
    ['Scheduled for', scheduledFor && <Time at={scheduledFor} />],
    ['Started', startedAt && <Time at={startedAt} />],
    ['Ended', endedAt && <Time at={endedAt} />],
    ['Took', endedAt && duration(Date.parse(endedAt) - Date.parse(createdAt))],
    ['Next timer', wakeAt && endedAt === undefined && <Time at={wakeAt} />],
    ['Repeats', task.replayOf && <Link href={`/tasks/${task.replayOf}`}>{task.replayOf}</Link>],
    ['Candidates', kind === 'manual' ? candidatesOf(task) : ''],
  ];
  return (
    <>
      <SimpleGrid component="dl" m={0} cols={{ base: 2, sm: 3, lg: 5 }} spacing="md" verticalSpacing="xs">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} style={{ minWidth: 0 }}>
              <Text component="dt" size="xs" c="dimmed">
                {name}
              </Text>
              <Text component="dd" m={0} size="sm" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ) : null,
        )}
      </SimpleGrid>
      {tags.length > 0 && (
        <Group gap={6}>
          {tags.map((tag) => (
            <Badge
              key={tag}
              variant="outline"
              color="gray"
              tt="none"
              component={Link}
              href={`/tasks?tag=${encodeURIComponent(tag)}`}
              style={{ cursor: 'pointer' }}
            >
              {tag}
            </Badge>
          ))}
        </Group>
      )}
    </>
  );
}
