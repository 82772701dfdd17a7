/** A task as the API shows it: times in RFC 3339, durations left out, nothing of the service's own bookkeeping. */
import type { Attempt } from '@errand/core/attempt';
import type { TaskEvent } from '@errand/core/event';
import { wakeAtOf } from '@errand/core/lifecycle/wake';
import { isEnded, type Task, type TaskOptions } from '@errand/core/task';
import { retryView, timeoutsView } from './retry-and-timeouts.ts';

/** The JSON of a task. What it does not have is `undefined`, which is not written. */
export function taskView(task: Task): Record<string, unknown> {
  const ended = isEnded(task) ? task : undefined;
  const running = task.status === 'running' ? task : undefined;
  return {
    id: task.id,
    namespace: task.namespace,
    type: task.type,
    version: task.version,
    kind: task.kind,
    status: task.status,
    input: task.input,
    output: ended?.output,
    error: task.error,
    priority: task.priority,
    tags: task.tags,
    metadata: task.metadata,
    attempt: task.attempt,
    generation: task.generation,
    revision: task.revision,
    createdAt: time(task.createdAt),
    updatedAt: time(task.updatedAt),
    scheduledFor: timeOf(task.scheduledFor),
    startedAt: timeOf(task.startedAt),
    endedAt: timeOf(ended?.endedAt),
    wakeAt: timeOf(wakeAtOf(task) ?? undefined),
    cancelRequestedAt: timeOf(running?.cancelRequestedAt),
    pauseRequested: running?.pauseRequested === true ? true : undefined,
    forced: ended?.forced === true ? true : undefined,
    replayOf: task.replayOf,
    route: { executor: task.route.executor, lane: task.route.lane, rule: task.route.rule },
    manual: task.kind === 'manual' ? manualView(task) : undefined,
  };
}

/** The JSON of an event. */
export function eventView({ sequence, at, actor, reason, change }: TaskEvent): Record<string, unknown> {
  const { type, ...members } = change;
  const data = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, dataView(name, value)]));
  return { sequence, type, at: time(at), actor, ...(reason === undefined ? {} : { reason }), data };
}

/** Members of an event as the API writes them: its times are those that are numbers of milliseconds inside. */
function dataView(name: string, value: unknown): unknown {
  if (TIME_MEMBERS.has(name) && typeof value === 'number') return time(value);
  if (name !== 'options') return value;
  const { retry, timeouts, ...options } = value as TaskOptions;
  return {
    ...options,
    ...(retry === undefined ? {} : { retry: retryView(retry) }),
    ...(timeouts === undefined ? {} : { timeouts: timeoutsView(timeouts) }),
  };
}

const TIME_MEMBERS: ReadonlySet<string> = new Set(['scheduledFor', 'retryAt', 'until']);

/** The JSON of an attempt. */
export function attemptView(attempt: Attempt): Record<string, unknown> {
  return {
    ...attempt,
    startedAt: time(attempt.startedAt),
    ...(attempt.endedAt === undefined ? {} : { endedAt: time(attempt.endedAt) }),
    logs: attempt.logs.map((line) => ({ ...line, at: time(line.at) })),
  };
}

function manualView(task: Task): Record<string, unknown> {
  const manual = task.status === 'waiting' || task.status === 'paused' ? task.manual : undefined;
  const holder = manual?.holder;
  return {
    state: manual?.state ?? null,
    holder: holder === undefined ? null : { id: holder.id, name: holder.name },
    heldSince: timeOf(manual?.heldSince),
    candidates: task.candidates ?? { users: [], groups: [] },
    dueAt: timeOf(task.dueAt),
  };
}

function timeOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : time(at);
}

function time(at: number): string {
  return new Date(at).toISOString();
}
