/**
 * Manual work against a model of it: several people, and a service that may start anew between any two steps. One holds a task,
 * only the holder ends it, and the inbox shows each of them what is theirs.
 */
import { SYSTEM, type Person } from '@errand/core/actor';
import type { Command } from '@errand/core/command';
import { Ledger } from '@errand/core/ledger/ledger';
import { openLedger, spec } from '@errand/core/ledger/open-ledger.fixture';
import type { LedgerPlatform } from '@errand/core/ledger-platform';
import type { Status, TaskSpec } from '@errand/core/task';
import { Inbox } from '@errand/executors/manual/inbox';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const PEOPLE = [
  { id: 'ann', groups: ['ops'] },
  { id: 'ben', groups: ['ops', 'legal'] },
  { id: 'eve', groups: [] },
] as const satisfies readonly Person[];
const MAX_TASKS = 3;

interface Record {
  status: Status;
  holder: string | undefined;
  readonly candidates: readonly string[];
}
interface Model {
  readonly tasks: Record[];
}
interface Real {
  ledger: Ledger;
  inbox: Inbox;
  readonly platform: LedgerPlatform;
  readonly specs: TaskSpec[];
}
type Step = fc.AsyncCommand<Model, Real>;

const mayTake = ({ candidates }: Record, person: Person): boolean =>
  candidates.length === 0 || candidates.some((group) => person.groups.includes(group));

/** What the model says to a command of a person, or of the service; it stands where that leads. */
function answerOf(task: Record, command: Command): string {
  const ended = !['waiting', 'paused'].includes(task.status);
  switch (command.type) {
    case 'claim':
      if (task.status !== 'waiting') return 'wrong_state';
      if (task.holder === command.person.id) return 'ok';
      if (!mayTake(task, command.person)) return 'not_candidate';
      if (task.holder !== undefined) return 'already_claimed';
      task.holder = command.person.id;
      return 'ok';
    case 'release':
    case 'complete':
    case 'fail':
      if (task.status !== 'waiting') return 'wrong_state';
      if (task.holder !== command.person.id) return 'not_holder';
      if (command.type !== 'release') task.status = command.type === 'complete' ? 'completed' : 'failed';
      task.holder = undefined;
      return 'ok';
    case 'cancel':
      if (ended) return task.status === 'canceled' ? 'ok' : 'wrong_state';
      task.status = 'canceled';
      task.holder = undefined;
      return 'ok';
    case 'pause':
      if (ended) return 'wrong_state';
      task.status = 'paused';
      return 'ok';
    case 'resume':
      if (task.status !== 'paused') return 'wrong_state';
      task.status = 'waiting';
      return 'ok';
    default:
      throw new Error(`The model knows no ${command.type}.`);
  }
}

async function compare({ tasks }: Model, { ledger, inbox, specs }: Real): Promise<void> {
  const read = await ledger.read(specs.map(({ id }) => id));
  expect(read.map((task) => [task?.status, holderOf(task)])).toEqual(tasks.map(({ status, holder }) => [status, holder]));
  for (const person of PEOPLE) {
    const list = (view: 'mine' | 'groups'): string[] =>
      inbox.list({ view, person, admin: false, sort: 'newest', after: null, limit: 50 }).items.map(({ id }) => id);
    const shown = (mine: (task: Record) => boolean): string[] =>
      specs.filter((_, i) => tasks[i]?.status === 'waiting' && mine(tasks[i])).map(({ id }) => id);
    expect(list('mine').toSorted()).toEqual(shown(({ holder }) => holder === person.id).toSorted());
    expect(list('groups').toSorted()).toEqual(shown((task) => mayTake(task, person)).toSorted());
  }
}

function holderOf(task: { readonly status: Status } | null): string | undefined {
  return (task as { readonly manual?: { readonly holder?: Person } } | null)?.manual?.holder?.id;
}

class Submit implements Step {
  readonly groups: readonly string[];

  constructor(groups: readonly string[]) {
    this.groups = groups;
  }
  check(model: Readonly<Model>): boolean {
    return model.tasks.length < MAX_TASKS;
  }
  async run(model: Model, real: Real): Promise<void> {
    const route = { executor: 'manual', lane: 'inbox', rule: 'default', reason: 'by kind' } as const;
    const one = spec({ kind: 'manual', timeouts: {}, route, candidates: { users: [], groups: this.groups } });
    real.specs.push(one);
    model.tasks.push({ status: 'waiting', holder: undefined, candidates: this.groups });
    await real.ledger.execute([{ taskId: one.id, command: { type: 'submit', actor: SYSTEM, spec: one } }]);
    await compare(model, real);
  }
  toString(): string {
    return `submit(${this.groups.join()})`;
  }
}

/** Several commands in one instant, each by somebody: they share a commit, and are decided in order. */
class Ask implements Step {
  readonly index: number;
  readonly commands: readonly Command[];

  constructor(index: number, commands: readonly Command[]) {
    this.index = index;
    this.commands = commands;
  }
  check(model: Readonly<Model>): boolean {
    return this.index < model.tasks.length;
  }
  async run(model: Model, real: Real): Promise<void> {
    const [task, one] = [model.tasks[this.index], real.specs[this.index]];
    if (task === undefined || one === undefined) throw new Error('no such task');
    const answers = await Promise.all(this.commands.map((command) => real.ledger.execute([{ taskId: one.id, command }])));
    const codes = answers.map(([answer]) => (answer?.ok === true ? 'ok' : answer?.rejection.code));
    expect(codes).toEqual(this.commands.map((command) => answerOf(task, command)));
    await compare(model, real);
  }
  toString(): string {
    return `${this.commands.map(({ type, actor }) => `${actor.id} ${type}`).join(' + ')} (${this.index})`;
  }
}

class Restart implements Step {
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    Object.assign(real, openOn(real.platform));
    await compare(model, real);
  }
  toString(): string {
    return 'restart';
  }
}

function openOn(platform: LedgerPlatform): Pick<Real, 'ledger' | 'inbox'> {
  const inbox = new Inbox(platform);
  return { inbox, ledger: new Ledger('default/0/inbox/0', { ...platform, beside: inbox }, () => {}) };
}

const byPerson = fc
  .tuple(fc.constantFrom(...PEOPLE), fc.constantFrom('claim', 'claim', 'complete', 'release', 'fail' as const))
  .map(([person, type]): Command => {
    const actor = { kind: 'person', id: person.id } as const;
    if (type === 'complete') return { type, actor, person, output: { by: person.id } };
    if (type === 'fail') return { type, actor, person, code: 'person.no', message: 'no' };
    return { type, actor, person };
  });
const byService = fc.constantFrom('cancel', 'pause', 'resume' as const).map((type): Command => ({ type, actor: SYSTEM }));
const index = fc.nat(MAX_TASKS - 1);
const steps = [
  fc.constantFrom([], ['ops'], ['legal']).map((groups): Step => new Submit(groups)),
  fc.tuple(index, fc.array(byPerson, { minLength: 1, maxLength: 4 })).map(([i, commands]): Step => new Ask(i, commands)),
  fc
    .tuple(index, fc.array(fc.oneof(byPerson, byService), { minLength: 1, maxLength: 3 }))
    .map(([i, commands]): Step => new Ask(i, commands)),
  fc.constant<Step>(new Restart()),
];

it('gives a task to one person at a time, and lets only that one end it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: 'max' }), async (commands) => {
      const setup = (): { model: Model; real: Real } => {
        const { platform } = openLedger();
        return { model: { tasks: [] }, real: { ...openOn(platform), platform, specs: [] } };
      };
      await fc.asyncModelRun(setup, commands);
    }),
    process.env['ERRAND_TEST_FULL'] === '1' ? { numRuns: 5_000 } : { numRuns: 40, seed: 9457 },
  );
}, 600_000);
