import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ThroughputPoint } from '../api/shapes.ts';
import { useNow } from '../ui/now.tsx';
import { Empty } from '../ui/states.tsx';

const MINUTE_MS = 60_000;
const MINUTES = 30;

/** Tasks that ended a minute, over the last half hour. */
export function Throughput({ points }: { readonly points: readonly ThroughputPoint[] }) {
  const data = everyMinute(points, useNow());
  const none = data.every(({ completed, failed }) => completed === 0 && failed === 0);
  return (
    <Paper withBorder p="md" component="section" aria-label="Throughput">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h5">
            Throughput
          </Title>
          <Text size="xs" c="dimmed">
            Tasks that ended, a minute, in the last {MINUTES} minutes
          </Text>
        </div>
        {none ? (
          <Empty>No task has ended in this time. Submit one and watch it here.</Empty>
        ) : (
          <BarChart
            h={240}
            data={data}
            dataKey="minute"
            type="stacked"
            withLegend
            legendProps={{ verticalAlign: 'bottom', height: 32 }}
            valueFormatter={(value) => value.toLocaleString('en')}
            series={[
              { name: 'completed', label: 'Completed', color: 'teal.6' },
              { name: 'failed', label: 'Failed', color: 'red.6' },
            ]}
            barChartProps={{ barCategoryGap: 2 }}
            xAxisProps={{ minTickGap: 40 }}
          />
        )}
      </Stack>
    </Paper>
  );
}

/** A minute in which nothing ended is a gap in the data and a zero in the chart. */
function everyMinute(points: readonly ThroughputPoint[], now: number) {
  const byMinute = new Map(points.map((point) => [Math.floor(Date.parse(point.minute) / MINUTE_MS), point]));
  const last = Math.floor(now / MINUTE_MS);
  return Array.from({ length: MINUTES }, (_, i) => {
    const minute = last - MINUTES + 1 + i;
    const point = byMinute.get(minute);
    return {
      minute: new Date(minute * MINUTE_MS).toLocaleTimeString([], { timeStyle: 'short' }),
      completed: point?.completed ?? 0,
      failed: point?.failed ?? 0,
    };
  });
}
