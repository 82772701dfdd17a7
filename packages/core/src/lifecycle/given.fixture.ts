/** Tasks for tests of the lifecycle, made as real ones are: commands are decided in order, and their events folded. */
import { SYSTEM } from '../actor.ts';
import type { Command } from '../command.ts';
import type { TaskEvent } from '../event.ts';
import { mintTaskId } from '../id.ts';
import type { Outcome } from '../outcome.ts';
import type { Task, TaskSpec } from '../task.ts';
import { decide } from './decide.ts';
import { createTask, evolve } from './evolve.ts';

/** The submit of every task here, epoch ms. */
export const START = 1_800_000_000_000;
/** Lease of every attempt here. */
export const LEASE_MS = 15_000;

export const FAILURE = { kind: 'failed', error: { code: 'application', message: 'no', retryable: true } } as const;
export const DONE = { kind: 'completed', output: { sum: 3 } } as const;
export const ANN = { id: 'ann', name: 'Ann', groups: ['ops'] } as const;
export const BEN = { id: 'ben', groups: ['ops'] } as const;

/** A task of code, with `over` in place of what it says otherwise. Its backoff is 1 s, 2 s, …, and three attempts are all it has. */
export function spec(over: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id: mintTaskId(START, { place: 0, object: 'ledger', shard: 0 }, new Uint8Array(13)),
    namespace: 'default',
    type: 'example.sum',
    version: 1,
    kind: 'automated',
    input: { a: 1, b: 2 },
    priority: 3,
    tags: [],
    metadata: {},
    retry: {
      maxAttempts: 3,
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maxIntervalMs: 60_000,
      jitter: 'none',
      nonRetryableCodes: [],
    },
    timeouts: { startToCloseMs: 60_000 },
    retentionMs: 1_000,
    route: { executor: 'automated', lane: 'automated', rule: 'default', reason: 'by kind' },
    system: false,
    createdAt: START,
    ...over,
  };
}

export function manual(over: Partial<TaskSpec> = {}): TaskSpec {
  return spec({ kind: 'manual', timeouts: {}, route: { executor: 'manual', lane: 'inbox', rule: 'default', reason: 'by kind' }, ...over });
}

export const BEGIN: Command = { type: 'begin', actor: SYSTEM, worker: 'w', leaseMs: LEASE_MS };
export const TICK = { type: 'tick', actor: SYSTEM, delayFraction: 0.5 } as const;

export function report(fence: number, outcome: Outcome): Command {
  return { type: 'report', actor: SYSTEM, fence, outcome, delayFraction: 0.5 };
}

/** A command that needs nothing but its name. */
export function verb(type: 'cancel' | 'pause' | 'resume' | 'retry-now' | 'redrive' | 'skip'): Command {
  return { type, actor: SYSTEM };
}

export function claim(person: Extract<Command, { type: 'claim' }>['person']): Command {
  return { type: 'claim', actor: SYSTEM, person };
}

/** The task of `task` after `commands`, each decided a millisecond after the one before. Throws for a command that is refused. */
export function given(task: TaskSpec, ...commands: readonly Command[]): Task {
  return commands.reduce((current, command, i) => after(current, command, START + 1 + i), submitted(task));
}

/** The task right after its submit at {@link START}. */
export function submitted(task: TaskSpec, scheduledFor?: number): Task {
  const command: Command = { type: 'submit', actor: SYSTEM, spec: task, ...(scheduledFor === undefined ? {} : { scheduledFor }) };
  const [event] = eventsOf(decide(undefined, command, START));
  if (event === undefined) throw new Error('A submit gave no event.');
  return createTask(task, event);
}

/** The task after one command at `now`. */
export function after(task: Task, command: Command, now: number): Task {
  return eventsOf(decide(task, command, now)).reduce(evolve, task);
}

/** What a command comes to at `now`: types of events, or the code of its rejection. */
export function answer(task: Task, command: Command, now: number = START + 100): readonly string[] | string {
  const decision = decide(task, command, now);
  return decision.ok ? decision.events.map(({ change }) => change.type) : decision.rejection.code;
}

function eventsOf(decision: ReturnType<typeof decide>): readonly TaskEvent[] {
  if (!decision.ok) throw new Error(`${decision.rejection.code}: ${decision.rejection.detail}`);
  return decision.events;
}
