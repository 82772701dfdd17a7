import type { TaskId } from '@errand/core/id';
import type { Standing } from '@errand/core/ledger-object';
import type { Task, TaskBase } from '@errand/core/task';
import { describe, expect, it } from 'vitest';
import { explainWaiting } from './explain.ts';

const NOW = 1_800_000_000_000;
const base: TaskBase = {
  id: 'task_01jzzzzzzz000000000000000a' as TaskId,
  namespace: 'default',
  type: 'billing.capture',
  version: 1,
  kind: 'automated',
  input: {},
  priority: 3,
  tags: [],
  metadata: {},
  retry: { maxAttempts: 3, initialIntervalMs: 1_000, backoffCoefficient: 2, maxIntervalMs: 60_000, jitter: 'full', nonRetryableCodes: [] },
  timeouts: {},
  retentionMs: 1,
  route: { executor: 'automated', lane: 'automated', rule: 'default', reason: '' },
  system: false,
  createdAt: NOW,
  attempt: 1,
  generation: 1,
  revision: 1,
  sequence: 1,
  fence: 1,
  updatedAt: NOW,
  scheduledAt: NOW,
  sharedLosses: 0,
};
const standing: Standing = {
  ahead: 0,
  dispatched: false,
  resendAt: null,
  polledAt: null,
  watchingSince: NOW - 3_600_000,
  leaseUntil: null,
};
const worker = { executor: 'worker', lane: 'workers/billing.capture@1', rule: 'default', reason: '' } as const;

function codes(task: Task, where: Partial<Standing> = {}) {
  return explainWaiting(task, { ...standing, ...where }, NOW);
}

describe('explaining a task', () => {
  it('names the time of a scheduled one', () => {
    expect(codes({ ...base, status: 'scheduled', scheduledFor: NOW + 5_000 })).toMatchObject([{ code: 'scheduled', until: NOW + 5_000 }]);
  });

  it('names the backoff and the error before it', () => {
    const error = { code: 'application', message: 'no luck', retryable: true };
    const [blocker] = codes({ ...base, status: 'retrying', retryAt: NOW + 900, error });
    expect(blocker).toMatchObject({ code: 'backoff', until: NOW + 900 });
    expect(blocker?.detail).toContain('no luck');
  });

  it('says that a paused one waits for a resume, and for its backoff too', () => {
    expect(codes({ ...base, status: 'paused', pausedAt: NOW, resumeTo: 'queued' }).map(({ code }) => code)).toEqual(['paused']);
    const retrying: Task = { ...base, status: 'paused', pausedAt: NOW, resumeTo: 'retrying', retryAt: NOW + 1 };
    expect(codes(retrying).map(({ code }) => code)).toEqual(['paused', 'backoff']);
  });

  it('names who may claim a manual one, and then who holds it', () => {
    const ready: Task = {
      ...base,
      kind: 'manual',
      status: 'waiting',
      candidates: { users: ['ada'], groups: ['ops'] },
      manual: { state: 'ready' },
    };
    expect(codes(ready)).toMatchObject([{ code: 'person', detail: expect.stringMatching(/ada.*ops/) }]);
    const held: Task = { ...ready, manual: { state: 'reserved', holder: { id: 'ada', name: 'Ada L.', groups: [] }, heldSince: NOW } };
    expect(codes(held)).toMatchObject([{ code: 'person', detail: expect.stringContaining('Ada L. holds it') }]);
  });

  it('names the callback or the event that finishes it, and until when', () => {
    const waiting: Task = {
      ...base,
      status: 'waiting',
      wait: { for: 'event', fence: 1, since: NOW, correlation: 'ch_1' },
      timeouts: { scheduleToCloseMs: 9_000 },
    };
    expect(codes(waiting)).toMatchObject([{ code: 'event', detail: expect.stringContaining('"ch_1"'), until: NOW + 9_000 }]);
    expect(codes({ ...waiting, wait: { for: 'callback', fence: 1, since: NOW, until: NOW + 5 } })).toMatchObject([
      { code: 'callback', until: NOW + 5 },
    ]);
  });

  it('counts what is before it in line', () => {
    expect(codes({ ...base, status: 'queued' }, { ahead: 7 })).toMatchObject([
      { code: 'queue', detail: expect.stringContaining('7 tasks') },
    ]);
    expect(codes({ ...base, status: 'queued' }, { dispatched: true, resendAt: NOW + 5_000 })).toMatchObject([
      { code: 'dispatched', until: NOW + 5_000 },
    ]);
  });

  it('says that no remote worker polls, when none has for a minute', () => {
    const queued: Task = { ...base, status: 'queued', route: worker };
    expect(codes(queued)).toMatchObject([{ code: 'no_worker', detail: expect.stringContaining('in the last minute') }, { code: 'queue' }]);
    expect(codes(queued, { polledAt: NOW - 61_000 }).map(({ code }) => code)).toEqual(['no_worker', 'queue']);
    expect(codes(queued, { polledAt: NOW - 59_000 }).map(({ code }) => code)).toEqual(['queue']);
    expect(codes(queued, { watchingSince: NOW - 1_000 })[0]?.detail).toContain('when this ledger started');
  });

  it('names the attempt that runs, its lease, and what was asked of it', () => {
    const lease = { fence: 1, startedAt: NOW, until: NOW + 1_000, worker: 'w1' };
    expect(codes({ ...base, status: 'running', lease }, { leaseUntil: NOW + 2_000 })).toMatchObject([
      { code: 'running', until: NOW + 2_000, detail: expect.stringContaining('"w1"') },
    ]);
    const asked: Task = { ...base, status: 'running', lease, cancelRequestedAt: NOW, pauseRequested: true };
    expect(codes(asked).map(({ code }) => code)).toEqual(['running', 'cancel_requested', 'pause_requested']);
  });

  it('finds nothing once it has ended', () => {
    expect(codes({ ...base, status: 'completed', endedAt: NOW, output: 1 })).toEqual([]);
  });
});
