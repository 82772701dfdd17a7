/**
 * A ledger against a model of it: any commands in any order, time in between, restarts. The model is a plain record of each task
 * and predicts every answer; it knows nothing of SQL, commits or alarms.
 */
import { SYSTEM } from '@errand/core/actor';
import type { Command } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import { openLedger, spec } from '@errand/core/ledger/open-ledger.fixture';
import type { Ledger } from '@errand/core/ledger/ledger';
import { createTask, evolve } from '@errand/core/lifecycle/evolve';
import type { Outcome } from '@errand/core/outcome';
import type { CommandResult } from '@errand/core/ledger-object';
import type { Task, TaskSpec } from '@errand/core/task';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerOf, beginOf, tickOf, type ModelLedger, type ModelRecord } from './ledger-model.ts';

interface Real {
  ledger: Ledger;
  readonly open: ReturnType<typeof openLedger>;
  readonly specs: TaskSpec[];
}

type Step = fc.AsyncCommand<ModelLedger, Real>;

const LEASE_MS = 15_000;
const MAX_TASKS = 4;

/** After every step each task stands where its model says, and its events fold to it without a gap. */
async function compare(model: ModelLedger, { ledger, specs }: Real): Promise<void> {
  const tasks = await ledger.read(specs.map(({ id }) => id));
  expect(tasks.map(seen)).toEqual(model.tasks.map(seenInModel));
  for (const [i, one] of specs.entries()) {
    const [first, ...rest] = (await ledger.events(one.id, 0)) ?? [];
    if (first === undefined) throw new Error('a task without events');
    expect([first, ...rest].map(({ sequence }) => sequence)).toEqual([first, ...rest].map((_, n) => n + 1));
    const folded = rest.reduce(evolve, createTask(one, first));
    const { output: _folded, ...fold } = folded as Task & { readonly output?: unknown };
    const { output: _stored, ...row } = tasks[i] as Task & { readonly output?: unknown };
    expect(fold).toEqual(row);
  }
}

function seen(task: Task | null): unknown {
  if (task === null) return null;
  const { status, attempt, generation, fence } = task;
  return { status, attempt, generation, fence };
}

function seenInModel({ status, attempt, generation, fence }: ModelRecord): unknown {
  return { status, attempt, generation, fence };
}

class Submit implements Step {
  readonly maxAttempts: number;

  constructor(maxAttempts: number) {
    this.maxAttempts = maxAttempts;
  }
  check(model: Readonly<ModelLedger>): boolean {
    return model.tasks.length < MAX_TASKS;
  }
  async run(model: ModelLedger, real: Real): Promise<void> {
    const one = spec({ timeouts: {}, retry: { ...spec().retry, maxAttempts: this.maxAttempts } });
    real.specs.push(one);
    model.tasks.push({
      status: 'queued',
      attempt: 0,
      maxAttempts: this.maxAttempts,
      generation: 1,
      fence: 0,
      sharedLosses: 0,
    });
    const [answer] = await real.ledger.execute([{ taskId: one.id, command: { type: 'submit', actor: SYSTEM, spec: one } }]);
    expect(codeOf(answer)).toBe('ok');
    await compare(model, real);
  }
  toString(): string {
    return `submit(${this.maxAttempts} attempts)`;
  }
}

class Begin implements Step {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
  check(model: Readonly<ModelLedger>): boolean {
    return this.index < model.tasks.length;
  }
  async run(model: ModelLedger, real: Real): Promise<void> {
    const id = idOf(real, this.index);
    const assignments = await real.ledger.begin([id], 'service', LEASE_MS);
    expect(assignments.map(({ fence }) => fence)).toEqual(beginOf(model, this.index, LEASE_MS));
    await compare(model, real);
  }
  toString(): string {
    return `begin(${this.index})`;
  }
}

/** Any other command to one task. `fence` counts back from the newest. */
class Ask implements Step {
  readonly index: number;
  readonly command: (model: ModelRecord) => Command;
  readonly text: string;

  constructor(index: number, text: string, command: (model: ModelRecord) => Command) {
    this.index = index;
    this.text = text;
    this.command = command;
  }
  check(model: Readonly<ModelLedger>): boolean {
    return this.index < model.tasks.length;
  }
  async run(model: ModelLedger, real: Real): Promise<void> {
    const record = model.tasks[this.index];
    if (record === undefined) throw new Error('no such task');
    const command = this.command(record);
    const [answer] = await real.ledger.execute([{ taskId: idOf(real, this.index), command }]);
    expect(codeOf(answer)).toBe(answerOf(model, this.index, command));
    await compare(model, real);
  }
  toString(): string {
    return `${this.text}(${this.index})`;
  }
}

class Pass implements Step {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
  check(): boolean {
    return true;
  }
  async run(model: ModelLedger, real: Real): Promise<void> {
    model.now += this.ms;
    real.open.turn.now += this.ms;
    await real.ledger.tick();
    tickOf(model);
    await compare(model, real);
  }
  toString(): string {
    return `pass(${this.ms} ms)`;
  }
}

class Restart implements Step {
  check(): boolean {
    return true;
  }
  async run(model: ModelLedger, real: Real): Promise<void> {
    real.ledger = real.open.reopen();
    model.bornAt = model.now;
    for (const task of model.tasks) delete task.renewedUntil;
    await compare(model, real);
  }
  toString(): string {
    return 'restart';
  }
}

const index = fc.nat(MAX_TASKS - 1);
const failed = (retryable: boolean): Outcome => ({ kind: 'failed', error: { code: 'application', message: 'no', retryable } });
const OUTCOMES: readonly (readonly [string, Outcome])[] = [
  ['completed', { kind: 'completed', output: 1 }],
  ['failed', failed(true)],
  ['hopeless', failed(false)],
  ['waiting', { kind: 'waiting', for: 'callback' }],
];
const worker = { kind: 'worker', id: 'service' } as const;
const verbs = fc.constantFrom('cancel', 'pause', 'resume', 'retry-now', 'redrive', 'skip' as const);

const steps = [
  fc.integer({ min: 1, max: 3 }).map((attempts): Step => new Submit(attempts)),
  index.map((i): Step => new Begin(i)),
  fc.tuple(index, fc.constantFrom(...OUTCOMES), fc.constantFrom(0, 0, 0, 1)).map(
    ([i, [text, outcome], back]): Step =>
      new Ask(i, `${text}${back === 0 ? '' : ', stale'}`, ({ fence }) => ({
        type: 'report',
        actor: worker,
        fence: fence - back,
        outcome,
        delayFraction: 0,
      })),
  ),
  index.map((i): Step => new Ask(i, 'heartbeat', ({ fence }) => ({ type: 'heartbeat', actor: worker, fence, leaseMs: LEASE_MS }))),
  fc.tuple(index, verbs).map(([i, type]): Step => new Ask(i, type, () => ({ type, actor: SYSTEM }))),
  fc.constantFrom(500, 1_000, 5_000, 16_000).map((ms): Step => new Pass(ms)),
  fc.constant<Step>(new Restart()),
];

it('answers every command as its model predicts, whatever the order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 50, size: 'max' }), async (commands) => {
      const setup = (): { model: ModelLedger; real: Real } => {
        const open = openLedger();
        const now = open.turn.now;
        return { model: { now, bornAt: now, tasks: [] }, real: { ledger: open.ledger, open, specs: [] } };
      };
      await fc.asyncModelRun(setup, commands);
    }),
    process.env['ERRAND_TEST_FULL'] === '1' ? { numRuns: 5_000 } : { numRuns: 60, seed: 9457 },
  );
}, 600_000);

function idOf({ specs }: Real, i: number): TaskId {
  const one = specs[i];
  if (one === undefined) throw new Error('no such task');
  return one.id;
}

function codeOf(answer: CommandResult | undefined): string | undefined {
  return answer?.ok === true ? 'ok' : answer?.rejection.code;
}
