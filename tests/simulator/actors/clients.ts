/** Callers of the service: they submit, with keys and without, again when they hear nothing, and change their minds. */
import type { Command } from '@errand/core/command';
import type { CommandResult } from '@errand/core/ports';
import type { Task, TaskSpec } from '@errand/core/task';
import type { Life } from '../world/agenda.ts';
import { homeOf, insist, type Scene, type Submitted } from './scene.ts';
import { drawSpec, mint, poisonSpec } from './specs.ts';

/** Submits and verbs happen within this. */
export const BUSY_MS = 30_000;
/** What is asked of tasks, the likelier ones more than once. */
const VERBS = ['cancel', 'cancel', 'pause', 'pause', 'resume', 'retry-now', 'redrive', 'redrive', 'skip', 'reschedule'] as const;
const ACTOR = { kind: 'key', id: 'key_sim' } as const;

export class Clients {
  readonly #scene: Scene;
  readonly #life: Life = { name: 'client', alive: true };
  readonly #submitted: Submitted[] = [];
  readonly #onSubmitted: (task: Task) => void;

  /** `onSubmitted` hears of every task that was accepted. */
  constructor(scene: Scene, onSubmitted: (task: Task) => void) {
    this.#scene = scene;
    this.#onSubmitted = onSubmitted;
  }

  /** Plans what this run asks for. */
  plan(): void {
    const { world } = this.#scene;
    const tasks = world.load.between(2, 8);
    for (let i = 0; i < tasks; i++) this.#soon('submits', () => this.#submits(`key-${i}`));
    const verbs = world.load.between(0, 7);
    for (let i = 0; i < verbs; i++) this.#soon('asks', () => this.#verb());
    if (world.profile.poison) this.#soon('submits poison', () => this.#poisons());
  }

  /** Asks to cancel in the moment in which work is about to end. */
  race(task: Task): void {
    const { world } = this.#scene;
    if (!task.system && world.fault('race.cancel'))
      world.after(world.latencyMs(), this.#life, 'races', () => void this.#ask(task, { type: 'cancel', actor: ACTOR }));
  }

  /** Lets a paused task go on: for the end of a run. */
  resume(task: Submitted): Promise<CommandResult | undefined> {
    return this.#ask(task, { type: 'resume', actor: ACTOR });
  }

  #soon(what: string, run: () => Promise<unknown>): void {
    const { world } = this.#scene;
    // Many things in one instant share a commit; others come alone.
    const at = world.load.chance(0.4) ? 1_000 * world.load.between(0, 3) : world.load.between(0, BUSY_MS);
    world.after(at, this.#life, `client ${what}`, () => void run());
  }

  async #submits(name: string): Promise<void> {
    const { world } = this.#scene;
    const keyed = world.load.chance(0.6);
    const spec = drawSpec(world.load, world.agenda.now, keyed ? name : undefined);
    const twins = [this.#submit(spec, `digest of ${name}`)];
    if (keyed && world.load.chance(0.25)) twins.push(this.#submit(this.#renamed(spec), `digest of ${name}`));
    if (keyed && world.load.chance(0.1)) twins.push(this.#submit(this.#renamed(spec), `another digest of ${name}`));
    for (const result of await Promise.all(twins)) {
      if (result?.ok !== true || this.#submitted.some(({ id }) => id === result.task.id)) continue;
      this.#submitted.push({ id: result.task.id, kind: result.task.kind });
      this.#onSubmitted(result.task);
    }
  }

  /** The same body under a new id, as every request of a caller gets one. */
  #renamed(spec: TaskSpec): TaskSpec {
    const { world } = this.#scene;
    return { ...spec, id: mint(world.load, world.agenda.now, spec.kind) };
  }

  #submit(first: TaskSpec, digest: string): Promise<CommandResult | undefined> {
    const { world, evidence } = this.#scene;
    const { idempotencyKey: key } = first;
    const scheduledFor = world.load.chance(0.2) ? world.agenda.now + world.load.between(100, 20_000) : undefined;
    let spec = first;
    return insist(this.#scene, this.#life, homeOf(this.#scene, spec), (again) => {
      // An endpoint repeats with the same id; a caller who asks anew gets a new one, under the same key.
      if (again > 0 && key !== undefined && world.load.chance(0.5)) spec = this.#renamed(spec);
      evidence.specs.set(spec.id, spec);
      evidence.digests.set(spec.id, digest);
      return {
        taskId: spec.id,
        command: { type: 'submit', actor: ACTOR, spec, ...(scheduledFor === undefined ? {} : { scheduledFor }) },
        ...(key === undefined ? {} : { idempotency: { key, digest } }),
      };
    });
  }

  async #poisons(): Promise<void> {
    const { world, network, evidence, ledger } = this.#scene;
    const spec = poisonSpec(world.load, world.agenda.now);
    evidence.specs.set(spec.id, spec);
    world.count('poison.submitted');
    await network
      .stub(this.#life, ledger)
      .execute([{ taskId: spec.id, command: { type: 'submit', actor: ACTOR, spec } }])
      .catch(() => {});
  }

  async #verb(): Promise<void> {
    const { world } = this.#scene;
    if (this.#submitted.length === 0) return;
    const task = this.#submitted[world.load.between(0, this.#submitted.length - 1)];
    if (task === undefined) return;
    await this.#ask(task, this.#drawVerb());
  }

  #drawVerb(): Command {
    const { world } = this.#scene;
    const type = world.load.pick(VERBS);
    const ifRevision = world.load.chance(0.1) ? { ifRevision: world.load.between(1, 4) } : {};
    if (type === 'reschedule')
      return { type, actor: ACTOR, scheduledFor: world.agenda.now + world.load.between(-1_000, 10_000), ...ifRevision };
    return { type, actor: ACTOR, ...ifRevision };
  }

  #ask(task: Submitted, command: Command): Promise<CommandResult | undefined> {
    return insist(this.#scene, this.#life, homeOf(this.#scene, task), () => ({ taskId: task.id, command }));
  }
}
