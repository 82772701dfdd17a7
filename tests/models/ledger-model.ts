/** What a ledger should answer, and where its tasks should stand: a plain record a task, and a function a command. */
import type { Command } from '@errand/core/command';
import type { RejectionCode } from '@errand/core/rejection';
import type { Status } from '@errand/core/task';

export interface ModelRecord {
  status: Status;
  attempt: number;
  readonly maxAttempts: number;
  generation: number;
  fence: number;
  sharedLosses: number;
  /** Of the running attempt. */
  startedAt?: number;
  leaseUntil?: number;
  renewedUntil?: number;
  cancelAt?: number;
  pauses?: boolean;
  /** Of a retry. */
  retryAt?: number;
  /** Waits for a callback, perhaps while it is paused, until then. */
  waitUntil?: number;
  resumeTo?: Status;
}

export interface ModelLedger {
  now: number;
  bornAt: number;
  readonly tasks: ModelRecord[];
}

type Answer = 'ok' | RejectionCode;

const FIRST_RETRY_MS = 1_000;
const CANCEL_GRACE_MS = 10_000;
const RESTART_GRACE_MS = 2_000;
const ENDED: ReadonlySet<Status> = new Set(['completed', 'failed', 'timed_out', 'canceled', 'expired', 'skipped']);

/** Begins an attempt, if there is one to begin: its fence. */
export function beginOf(model: ModelLedger, index: number, leaseMs: number): number[] {
  const task = taskAt(model, index);
  if (task.status !== 'queued') return [];
  task.attempt += 1;
  task.fence += 1;
  to(task, 'running');
  task.startedAt = model.now;
  task.leaseUntil = model.now + leaseMs;
  return [task.fence];
}

/** The answer to a command; the model stands where the command leads. */
export function answerOf(model: ModelLedger, index: number, command: Command): Answer {
  const task = taskAt(model, index);
  switch (command.type) {
    case 'report':
      return report(model, task, command);
    case 'heartbeat':
      if (!holds(task, command.fence)) return 'lease_lost';
      if (task.status === 'running') task.renewedUntil = model.now + (command.leaseMs ?? 0);
      return 'ok';
    case 'cancel':
      if (ENDED.has(task.status)) return task.status === 'canceled' ? 'ok' : 'wrong_state';
      if (task.status === 'running') task.cancelAt ??= model.now;
      else to(task, 'canceled');
      return 'ok';
    case 'pause':
      return pause(task);
    case 'resume':
      return resume(task);
    case 'retry-now':
      return when(task, task.status === 'retrying', 'queued');
    case 'redrive':
      if (!ENDED.has(task.status) || task.status === 'completed') return 'wrong_state';
      task.generation += 1;
      task.attempt = 0;
      task.sharedLosses = 0;
      to(task, 'queued');
      return 'ok';
    case 'skip':
      return when(task, !ENDED.has(task.status) && task.status !== 'running', 'skipped');
    default:
      throw new Error(`The model knows no ${command.type}.`);
  }
}

/** One alarm at `model.now`: every task whose time has come moves on by one. */
export function tickOf(model: ModelLedger): void {
  const leases = new Map(model.tasks.map((task) => [task, leaseOf(model, task)]));
  const lost = model.tasks.filter(
    (task) => task.status === 'running' && task.cancelAt === undefined && (leases.get(task) ?? 0) <= model.now,
  );
  for (const task of model.tasks) {
    const lease = leases.get(task) ?? 0;
    if (task.status === 'running' && task.cancelAt !== undefined) {
      if (Math.min(task.cancelAt + CANCEL_GRACE_MS, lease) <= model.now) to(task, 'canceled');
    } else if (lost.includes(task)) lose(model, task, lost.length > 1);
    else if (task.status === 'retrying' && (task.retryAt ?? 0) <= model.now) to(task, 'queued');
  }
}

function report(model: ModelLedger, task: ModelRecord, { fence, outcome }: Extract<Command, { type: 'report' }>): Answer {
  if (!holds(task, fence)) return 'lease_lost';
  if (task.cancelAt !== undefined) to(task, 'canceled');
  else if (outcome.kind === 'completed') to(task, 'completed');
  else if (outcome.kind === 'failed') fail(model, task, outcome.error.retryable);
  else if (task.status === 'running') {
    const pauses = task.pauses === true;
    to(task, 'waiting');
    task.waitUntil = Number.POSITIVE_INFINITY;
    if (pauses) pause(task);
  }
  return 'ok';
}

function holds(task: ModelRecord, fence: number): boolean {
  return fence === task.fence && fence > 0 && (task.status === 'running' || task.waitUntil !== undefined);
}

function fail(model: ModelLedger, task: ModelRecord, retryable: boolean): void {
  if (!retryable || task.attempt >= task.maxAttempts) return to(task, 'failed');
  const pauses = task.pauses === true || task.status === 'paused';
  to(task, 'retrying');
  task.retryAt = model.now + FIRST_RETRY_MS * 2 ** (task.attempt - 1);
  if (pauses) pause(task);
}

function lose(model: ModelLedger, task: ModelRecord, together: boolean): void {
  if (!together || task.sharedLosses > 0) return fail(model, task, true);
  const pauses = task.pauses === true;
  task.attempt -= 1;
  task.sharedLosses += 1;
  to(task, 'queued');
  if (pauses) pause(task);
}

function pause(task: ModelRecord): Answer {
  if (ENDED.has(task.status)) return 'wrong_state';
  if (task.status === 'running') {
    if (task.cancelAt === undefined) task.pauses = true;
  } else if (task.status !== 'paused') {
    const { status, retryAt, waitUntil } = task;
    to(task, 'paused');
    task.resumeTo = status;
    if (retryAt !== undefined) task.retryAt = retryAt;
    if (waitUntil !== undefined) task.waitUntil = waitUntil;
  }
  return 'ok';
}

function resume(task: ModelRecord): Answer {
  if (task.status === 'running' && task.pauses === true) {
    delete task.pauses;
    return 'ok';
  }
  if (task.status !== 'paused' || task.resumeTo === undefined) return 'wrong_state';
  const { resumeTo, retryAt, waitUntil } = task;
  to(task, resumeTo);
  if (retryAt !== undefined) task.retryAt = retryAt;
  if (waitUntil !== undefined) task.waitUntil = waitUntil;
  return 'ok';
}

function when(task: ModelRecord, may: boolean, status: Status): Answer {
  if (!may) return 'wrong_state';
  to(task, status);
  return 'ok';
}

/** How long the running attempt may be silent. */
function leaseOf(model: ModelLedger, { leaseUntil = 0, renewedUntil = 0, startedAt = 0 }: ModelRecord): number {
  const grace = startedAt < model.bornAt ? model.bornAt + RESTART_GRACE_MS : 0;
  return Math.max(leaseUntil, renewedUntil, grace);
}

/** A new status; what belonged to the old one is gone. */
function to(task: ModelRecord, status: Status): void {
  for (const key of ['startedAt', 'leaseUntil', 'renewedUntil', 'cancelAt', 'pauses', 'retryAt', 'waitUntil', 'resumeTo'] as const)
    delete task[key];
  task.status = status;
}

function taskAt(model: ModelLedger, index: number): ModelRecord {
  const task = model.tasks[index];
  if (task === undefined) throw new Error('no such task');
  return task;
}
