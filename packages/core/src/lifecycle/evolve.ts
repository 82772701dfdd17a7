/**
 * Folds an event into a task. It judges nothing: whether an event may happen was decided in `decide.ts`, and an event that was
 * stored must always fold. Folding all events of a task over its spec gives its stored row.
 */
import type { Change, TaskEvent } from '../event.ts';
import { isEnded, type EndedTask, type OpenTask, type Task, type TaskBase, type TaskSpec } from '../task.ts';

/** The task right after its first event, `task.submitted`. */
export function createTask(spec: TaskSpec, event: TaskEvent): Task {
  const scheduledFor = event.change.type === 'task.submitted' ? event.change.scheduledFor : undefined;
  const base: TaskBase = {
    ...spec,
    attempt: 0,
    generation: 1,
    revision: 1,
    sequence: event.sequence,
    fence: 0,
    updatedAt: event.at,
    scheduledAt: scheduledFor ?? event.at,
    sharedLosses: 0,
  };
  return scheduledFor === undefined ? ready(base) : { ...base, scheduledFor, status: 'scheduled' };
}

/** The task after an event. The first event is {@link createTask}'s. */
export function evolve(task: Task, event: TaskEvent): Task {
  const { change } = event;
  const base: TaskBase = { ...baseOf(task), revision: task.revision + 1, sequence: event.sequence, updatedAt: event.at };
  switch (change.type) {
    case 'task.submitted':
      return task;
    case 'task.due':
      return ready(base);
    case 'task.started':
      return {
        ...base,
        status: 'running',
        attempt: task.attempt + 1,
        fence: change.fence,
        startedAt: task.startedAt ?? event.at,
        lease: { fence: change.fence, startedAt: event.at, until: change.until, worker: change.worker },
      };
    case 'task.waiting':
      return wait(base, change, event.at);
    case 'task.retrying':
      return { ...base, status: 'retrying', error: change.error, retryAt: change.retryAt };
    case 'task.requeued':
      return { ...base, status: 'queued', attempt: task.attempt - 1, error: change.error, sharedLosses: task.sharedLosses + 1 };
    case 'task.cancel_requested':
      return task.status === 'running' ? { ...task, ...base, cancelRequestedAt: event.at } : task;
    case 'task.pause_requested':
      return task.status === 'running' ? { ...task, ...base, pauseRequested: true } : task;
    case 'task.paused':
      return pause(task, base, event);
    case 'task.resumed':
      return resume(task, base);
    case 'task.updated':
      // The status and what belongs to it stay: only options change.
      return { ...task, ...base, ...change.options } as Task;
    case 'task.rescheduled':
      return { ...base, status: 'scheduled', scheduledFor: change.scheduledFor, scheduledAt: change.scheduledFor };
    case 'task.retried_now':
      return ready(base);
    case 'task.redriven':
      return redrive(task, base, event);
    case 'task.claimed':
      return {
        ...base,
        startedAt: task.startedAt ?? event.at,
        status: 'waiting',
        manual: { state: 'reserved', holder: change.person, heldSince: event.at },
      };
    case 'task.released':
      return { ...base, status: 'waiting', manual: { state: 'ready' } };
    case 'task.result_refused':
      return { ...task, ...base };
    case 'task.completed':
      return end(base, 'completed', event, { output: change.output });
    case 'task.failed':
      return end(base, 'failed', event, { error: change.error });
    case 'task.timed_out':
      return end(base, 'timed_out', event, { error: change.error });
    case 'task.expired':
      return end(base, 'expired', event, {});
    case 'task.canceled':
      return end(base, 'canceled', event, change.forced ? { forced: true } : {});
    case 'task.skipped':
      return end(base, 'skipped', event, {});
  }
}

/** A task that may be performed from now on: queued for its executor, or offered to people. */
function ready(base: TaskBase): OpenTask {
  return base.kind === 'manual' ? { ...base, status: 'waiting', manual: { state: 'ready' } } : { ...base, status: 'queued' };
}

/** The wait keeps the fence of the attempt that began it, so that the answer can be told from one to an earlier attempt. */
function wait(base: TaskBase, change: Extract<Change, { type: 'task.waiting' }>, since: number): OpenTask {
  const { type: _type, ...wanted } = change;
  return { ...base, status: 'waiting', wait: { ...wanted, fence: base.fence, since } };
}

function end(
  base: TaskBase,
  status: EndedTask['status'],
  event: TaskEvent,
  result: Pick<EndedTask, 'output' | 'error' | 'forced'>,
): EndedTask {
  if (base.error === undefined) return { ...base, status, endedAt: event.at, ...result };
  const { error: _error, ...rest } = base;
  return { ...rest, status, endedAt: event.at, ...result };
}

function pause(task: Task, base: TaskBase, event: TaskEvent): Task {
  if (event.change.type !== 'task.paused' || isEnded(task)) return task;
  const { error, retryAt } = event.change;
  const paused = { ...base, status: 'paused' as const, pausedAt: event.at, ...(error === undefined ? {} : { error }) };
  if (retryAt !== undefined) return { ...paused, resumeTo: 'retrying', retryAt };
  switch (task.status) {
    case 'waiting':
      return {
        ...paused,
        resumeTo: 'waiting',
        ...(task.manual === undefined ? {} : { manual: task.manual }),
        ...(task.wait === undefined ? {} : { wait: task.wait }),
      };
    case 'retrying':
      return { ...paused, resumeTo: 'retrying', retryAt: task.retryAt };
    case 'scheduled':
      return { ...paused, resumeTo: 'scheduled' };
    case 'queued':
    case 'running':
    case 'paused':
      return { ...paused, resumeTo: 'queued' };
  }
}

function resume(task: Task, base: TaskBase): Task {
  if (task.status === 'running') {
    const { pauseRequested: _pauseRequested, ...running } = task;
    return { ...running, ...base };
  }
  if (task.status !== 'paused') return task;
  switch (task.resumeTo) {
    case 'scheduled':
      return { ...base, status: 'scheduled' };
    case 'queued':
      return { ...base, status: 'queued' };
    case 'retrying':
      return { ...base, status: 'retrying', retryAt: task.retryAt ?? base.updatedAt };
    case 'waiting':
      return {
        ...base,
        status: 'waiting',
        ...(task.manual === undefined ? {} : { manual: task.manual }),
        ...(task.wait === undefined ? {} : { wait: task.wait }),
      };
  }
}

function redrive(task: Task, base: TaskBase, event: TaskEvent): Task {
  const { startedAt: _startedAt, error: _error, ...rest } = base;
  return ready({ ...rest, attempt: 0, generation: task.generation + 1, sharedLosses: 0, scheduledAt: event.at });
}

/** The task without what belongs to its status alone: its lease, its wait, its output. */
function baseOf(task: Task): TaskBase {
  switch (task.status) {
    // These have nothing of their own but the status, which every caller overwrites. A copy would cost as much as a SQL statement.
    case 'queued':
    case 'scheduled':
      return task;
    case 'running': {
      const { status: _status, lease: _lease, cancelRequestedAt: _cancel, pauseRequested: _pause, ...base } = task;
      return base;
    }
    case 'waiting': {
      const { status: _status, manual: _manual, wait: _wait, ...base } = task;
      return base;
    }
    case 'retrying': {
      const { status: _status, retryAt: _retryAt, ...base } = task;
      return base;
    }
    case 'paused': {
      const { status: _status, pausedAt: _pausedAt, resumeTo: _resumeTo, retryAt: _retryAt, manual: _manual, wait: _wait, ...base } = task;
      return base;
    }
    case 'completed':
    case 'failed':
    case 'timed_out':
    case 'canceled':
    case 'expired':
    case 'skipped': {
      const { status: _status, endedAt: _endedAt, output: _output, forced: _forced, ...base } = task;
      return base;
    }
  }
}
