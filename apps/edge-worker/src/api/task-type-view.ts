/** A task type as the API shows it: as a client would write it, every default written out. */
import { formatDuration } from '@errand/core/duration';
import { retryView, timeoutsView } from './retry-and-timeouts.ts';
import type { ListedType } from './service.ts';

export function taskTypeView({ type, createdAt }: ListedType): Record<string, unknown> {
  const { name, version, kind, inputSchema, outputSchema, retry, timeouts, retentionMs, dueInMs, ...rest } = type;
  return {
    name,
    version,
    kind,
    inputSchema,
    outputSchema,
    retry: retryView(retry),
    timeouts: timeoutsView(timeouts),
    retention: formatDuration(retentionMs),
    ...rest,
    ...(dueInMs === undefined ? {} : { dueIn: formatDuration(dueInMs) }),
    source: createdAt === undefined ? 'code' : 'api',
    ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
  };
}
