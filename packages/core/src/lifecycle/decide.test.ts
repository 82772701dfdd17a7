import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { Command } from '../command.ts';
import type { Task } from '../task.ts';
import { decide } from './decide.ts';
import { after, ANN, answer, BEGIN, claim, DONE, FAILURE, given, manual, report, spec, START, submitted, verb } from './given.fixture.ts';

const FINAL = { ...FAILURE, error: { ...FAILURE.error, retryable: false } };
const WAITING = { kind: 'waiting', for: 'callback' } as const;

/** One task in every place that a command may find it. */
const TASKS: Readonly<Record<string, Task>> = {
  scheduled: submitted(spec(), START + 60_000),
  queued: given(spec()),
  running: given(spec(), BEGIN),
  'waiting for a callback': given(spec(), BEGIN, report(1, WAITING)),
  'waiting for anybody': given(manual()),
  'waiting for Ann': given(manual(), claim(ANN)),
  retrying: given(spec(), BEGIN, report(1, FAILURE)),
  paused: given(spec(), verb('pause')),
  completed: given(spec(), BEGIN, report(1, DONE)),
  failed: given(spec(), BEGIN, report(1, FINAL)),
  canceled: given(spec(), verb('cancel')),
  skipped: given(spec(), verb('skip')),
};

const UPDATE: Command = { type: 'update', actor: SYSTEM, options: { priority: 1 } };
const RESCHEDULE: Command = { type: 'reschedule', actor: SYSTEM, scheduledFor: START + 5_000 };

describe('a command', () => {
  it.each<[string, Command, Readonly<Record<string, string>>]>([
    ['begin', BEGIN, { queued: 'task.started' }],
    [
      'cancel',
      verb('cancel'),
      {
        running: 'task.cancel_requested',
        canceled: '',
        ...each(
          ['scheduled', 'queued', 'waiting for a callback', 'waiting for anybody', 'waiting for Ann', 'retrying', 'paused'],
          'task.canceled',
        ),
      },
    ],
    [
      'pause',
      verb('pause'),
      {
        running: 'task.pause_requested',
        paused: '',
        ...each(['scheduled', 'queued', 'waiting for a callback', 'waiting for anybody', 'waiting for Ann', 'retrying'], 'task.paused'),
      },
    ],
    ['resume', verb('resume'), { paused: 'task.resumed' }],
    ['retry-now', verb('retry-now'), each(['scheduled', 'retrying'], 'task.retried_now')],
    ['redrive', verb('redrive'), each(['failed', 'canceled', 'skipped'], 'task.redriven')],
    [
      'skip',
      verb('skip'),
      each(
        ['scheduled', 'queued', 'waiting for a callback', 'waiting for anybody', 'waiting for Ann', 'retrying', 'paused'],
        'task.skipped',
      ),
    ],
    ['reschedule', RESCHEDULE, each(['scheduled', 'queued', 'waiting for anybody'], 'task.rescheduled')],
    [
      'update',
      UPDATE,
      each(
        ['scheduled', 'queued', 'running', 'waiting for a callback', 'waiting for anybody', 'waiting for Ann', 'retrying', 'paused'],
        'task.updated',
      ),
    ],
    ['claim', claim(ANN), { 'waiting for anybody': 'task.claimed', 'waiting for Ann': '' }],
  ])('"%s" is taken where it makes sense, and is a wrong state everywhere else', (_name, command, taken) => {
    const answers = Object.fromEntries(Object.entries(TASKS).map(([place, task]) => [place, String(answer(task, command))]));
    expect(answers).toEqual({ ...each(Object.keys(TASKS), 'wrong_state'), ...taken });
  });

  it('on a task that is not there finds nothing, unless it is a submit', () => {
    expect(decide(undefined, verb('cancel'), START)).toMatchObject({ ok: false, rejection: { code: 'not_found' } });
  });

  it('that names another revision than the task has is refused, whatever it asks', () => {
    const task = given(spec());
    expect(answer(task, { ...verb('cancel'), ifRevision: task.revision + 1 })).toBe('revision_mismatch');
    expect(answer(task, { ...verb('cancel'), ifRevision: task.revision })).toEqual(['task.canceled']);
  });

  it('numbers its events on from the last one, with who asked and why', () => {
    const paused = given(spec(), BEGIN, verb('pause'));
    const decision = decide(paused, { ...report(1, WAITING), actor: { kind: 'worker', id: 'w' }, reason: 'asked' }, START + 9);
    expect(decision).toMatchObject({
      ok: true,
      events: [
        { sequence: 4, at: START + 9, actor: { kind: 'worker', id: 'w' }, reason: 'asked', change: { type: 'task.waiting' } },
        { sequence: 5, change: { type: 'task.paused' } },
      ],
    });
  });
});

describe('every event', () => {
  it('moves the revision on, and the task is as old as its last event', () => {
    const failed = after(given(spec(), BEGIN), report(1, FAILURE), START + 9);
    expect(failed).toMatchObject({ revision: 3, sequence: 3, updatedAt: START + 9 });
  });
});

describe('a submit', () => {
  it('queues a task for its executor, and offers a manual one to people', () => {
    expect(submitted(spec())).toMatchObject({ status: 'queued', attempt: 0, generation: 1, revision: 1 });
    expect(submitted(manual())).toMatchObject({ status: 'waiting', manual: { state: 'ready' } });
  });

  it('waits for a start to come, and takes one that has passed for now', () => {
    expect(submitted(spec(), START + 1)).toMatchObject({ status: 'scheduled', scheduledAt: START + 1 });
    expect(submitted(spec(), START - 1)).toMatchObject({ status: 'queued', scheduledAt: START });
  });
});

describe('a cancel of a running task', () => {
  it.each([DONE, FAILURE, WAITING])('ends it canceled, though its executor then reports $kind', (outcome) => {
    expect(given(spec(), BEGIN, verb('cancel'), report(1, outcome))).toMatchObject({ status: 'canceled' });
  });
});

describe('a pause of a running task', () => {
  it('lets the attempt end, and keeps its result', () => {
    expect(given(spec(), BEGIN, verb('pause'), report(1, DONE))).toMatchObject({ status: 'completed' });
  });

  it('holds the retry of a failure, whose backoff is still there after a resume', () => {
    const paused = given(spec(), BEGIN, verb('pause'), report(1, FAILURE));
    expect(paused).toMatchObject({ status: 'paused', resumeTo: 'retrying', error: FAILURE.error });
    expect(after(paused, verb('resume'), START + 50)).toMatchObject({ status: 'retrying', retryAt: START + 3 + 1_000 });
  });

  it('is taken back by a resume', () => {
    expect(given(spec(), BEGIN, verb('pause'), verb('resume'), report(1, FAILURE))).toMatchObject({ status: 'retrying' });
  });
});

describe('a resume', () => {
  it.each(['scheduled', 'queued', 'waiting for a callback', 'waiting for Ann', 'retrying'])(
    'brings a task that was %s back there',
    (place) => {
      const before = TASKS[place] ?? given(spec());
      const paused = after(before, verb('pause'), START + 50);
      const { revision: _r, sequence: _s, updatedAt: _u, ...resumed } = after(paused, verb('resume'), START + 60);
      expect(before).toMatchObject(resumed);
    },
  );
});

describe('a redrive', () => {
  it('begins a new generation with all attempts and a clean slate, and keeps counting fences', () => {
    const redriven = given(spec(), BEGIN, report(1, FINAL), verb('redrive'));
    expect(redriven).toMatchObject({ status: 'queued', generation: 2, attempt: 0, scheduledAt: START + 3 });
    expect([redriven.error, redriven.startedAt]).toEqual([undefined, undefined]);
    expect(after(redriven, BEGIN, START + 9)).toMatchObject({ attempt: 1, lease: { fence: 2 } });
  });
});

describe('a reschedule', () => {
  it('to a time that has passed starts the task now, and its timeouts count from now', () => {
    const moved = after(given(spec()), { ...RESCHEDULE, scheduledFor: START - 60_000 } as Command, START + 9);
    expect(moved).toMatchObject({ status: 'scheduled', scheduledFor: START + 9, scheduledAt: START + 9 });
  });
});

function each(places: readonly string[], result: string): Readonly<Record<string, string>> {
  return Object.fromEntries(places.map((place) => [place, result]));
}
