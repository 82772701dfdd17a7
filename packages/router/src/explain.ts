/** Explains what a task waits for, in words and codes: what `GET /v1/tasks/{id}/explain` answers. Pure: `now` is an argument. */
import type { Standing } from '@errand/core/ledger-object';
import type { Candidates } from '@errand/core/task-type';
import { isEnded, type Manual, type RunningTask, type Task, type Wait } from '@errand/core/task';

/** One thing that a task waits for. */
export interface Blocker {
  readonly code:
    | 'scheduled'
    | 'backoff'
    | 'paused'
    | 'person'
    | 'callback'
    | 'event'
    | 'queue'
    | 'dispatched'
    | 'no_worker'
    | 'running'
    | 'cancel_requested'
    | 'pause_requested';
  /** A sentence for people. */
  readonly detail: string;
  /** When it ends by itself, epoch ms; left out where only somebody ends it. */
  readonly until?: number;
}

/** A remote worker that has not polled for this long counts as gone; a long poll lasts 20 s. */
export const WORKER_GONE_MS = 60_000;

/** What a task waits for at `now`, the nearest blocker first; nothing once it has ended. */
export function explainWaiting(task: Task, standing: Standing, now: number): Blocker[] {
  if (isEnded(task)) return [];
  switch (task.status) {
    case 'scheduled':
      return [{ code: 'scheduled', detail: 'It starts at the time it was scheduled for.', until: task.scheduledFor ?? task.scheduledAt }];
    case 'retrying': {
      const { error } = task;
      const last = error === undefined ? '' : ` The last one failed with ${error.code}: ${error.message}`;
      return [
        {
          code: 'backoff',
          detail: `Attempt ${task.attempt + 1} of ${task.retry.maxAttempts} waits for its backoff.${last}`,
          until: task.retryAt,
        },
      ];
    }
    case 'paused':
      return [
        { code: 'paused', detail: `It was paused and stays so until somebody resumes it; then it is ${task.resumeTo}.` },
        ...(task.resumeTo === 'retrying' && task.retryAt !== undefined && task.retryAt > now
          ? [{ code: 'backoff' as const, detail: 'Its next attempt also waits for its backoff.', until: task.retryAt }]
          : []),
      ];
    case 'waiting':
      return [
        ...(task.manual === undefined ? [] : [waitingForPerson(task.manual, task.candidates)]),
        ...(task.wait === undefined ? [] : [waitingForThirdParty(task, task.wait)]),
      ];
    case 'queued':
      return queued(task, standing, now);
    case 'running':
      return running(task, standing);
  }
}

function queued(task: Task, standing: Standing, now: number): Blocker[] {
  const line: Blocker = standing.dispatched
    ? {
        code: 'dispatched',
        detail: `It was handed to the lane "${task.route.lane}" and no executor has begun it; it is handed over again if none does.`,
        ...(standing.resendAt === null ? {} : { until: standing.resendAt }),
      }
    : {
        code: 'queue',
        detail: `${standing.ahead === 0 ? 'It is the first' : `${countOf(standing.ahead)} before it`} in the lane "${task.route.lane}".`,
      };
  return task.route.executor === 'worker' ? [...absentWorkers(task, standing, now), line] : [line];
}

function absentWorkers(task: Task, { polledAt, watchingSince }: Standing, now: number): Blocker[] {
  if (polledAt !== null && now - polledAt <= WORKER_GONE_MS) return [];
  const since =
    polledAt !== null
      ? `since ${new Date(polledAt).toISOString()}`
      : now - watchingSince >= WORKER_GONE_MS
        ? 'in the last minute'
        : `since ${new Date(watchingSince).toISOString()}, when this ledger started`;
  return [{ code: 'no_worker', detail: `No remote worker has asked for tasks of the lane "${task.route.lane}" ${since}.` }];
}

function running(task: RunningTask, { leaseUntil }: Standing): Blocker[] {
  return [
    {
      code: 'running',
      detail: `Attempt ${task.attempt} of ${task.retry.maxAttempts} is performed by "${task.lease.worker}", which must give a sign of life in time.`,
      until: leaseUntil ?? task.lease.until,
    },
    ...(task.cancelRequestedAt === undefined
      ? []
      : [
          {
            code: 'cancel_requested' as const,
            detail: `A cancel was asked for at ${new Date(task.cancelRequestedAt).toISOString()}; the executor has not yet stopped.`,
          },
        ]),
    ...(task.pauseRequested === true
      ? [{ code: 'pause_requested' as const, detail: 'It pauses once this attempt has ended without a result.' }]
      : []),
  ];
}

function waitingForPerson({ state, holder, heldSince }: Manual, candidates: Candidates | undefined): Blocker {
  if (holder === undefined) return { code: 'person', detail: `It waits for ${candidatesInWords(candidates)} to claim it.` };
  const since = heldSince === undefined ? '' : ` since ${new Date(heldSince).toISOString()}`;
  return { code: 'person', detail: `${holder.name ?? holder.id} holds it${since} (${state.replace('_', ' ')}) and has not completed it.` };
}

function candidatesInWords(candidates: Candidates | undefined): string {
  const { users = [], groups = [] } = candidates ?? {};
  if (users.length === 0 && groups.length === 0) return 'anybody who may work on manual tasks';
  return [
    ...(users.length === 0 ? [] : [`one of the people ${users.join(', ')}`]),
    ...(groups.length === 0 ? [] : [`somebody of the groups ${groups.join(', ')}`]),
  ].join(' or ');
}

function waitingForThirdParty(task: Task, wait: Wait): Blocker {
  const closesAt = task.timeouts.scheduleToCloseMs === undefined ? undefined : task.scheduledAt + task.timeouts.scheduleToCloseMs;
  const until = wait.until ?? closesAt;
  const detail =
    wait.for === 'callback'
      ? 'A third party accepted it and finishes it by its one-time callback.'
      : `A third party accepted it; an event that names "${wait.correlation ?? ''}" finishes it.`;
  return { code: wait.for, detail, ...(until === undefined ? {} : { until }) };
}

function countOf(tasks: number): string {
  return tasks === 1 ? 'One task is' : `${tasks} tasks are`;
}
