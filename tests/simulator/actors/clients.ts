/** Callers of the service: they submit, with keys and without, again when they hear nothing, and change their minds. */
import type { Command } from '@errand/core/command';
import type { CommandResult, Objects } from '@errand/core/ledger-object';
import type { Task, TaskOptions, TaskSpec } from '@errand/core/task';
import { homeOfKey, objectName } from '@errand/edge-worker/address';
import { coalesced } from '@errand/edge-worker/api/coalesce';
import { placeTask, type Placed } from '@errand/edge-worker/api/place-task';
import type { Service } from '@errand/edge-worker/api/service';
import type { Submission } from '@errand/edge-worker/api/submit';
import type { Life } from '../world/agenda.ts';
import { command, insist, nameOfHome, NAMESPACE, objectsFor, type Scene } from './scene.ts';
import { drawSpec, drawTimeouts, mint, poisonSpec } from './specs.ts';

/** Submits and verbs happen within this. */
export const BUSY_MS = 30_000;
const ACTOR = { kind: 'key', id: 'key_sim' } as const;
/** What is asked of tasks, the likelier ones more than once. */
const VERBS = ['cancel', 'cancel', 'pause', 'pause', 'resume', 'retry-now', 'redrive', 'redrive', 'skip', 'reschedule', 'update'] as const;

export class Clients {
  readonly #scene: Scene;
  readonly #life: Life = { name: 'client', alive: true };
  readonly #objects: Objects;
  readonly #submitted: Task[] = [];
  readonly #onSubmitted: (task: Task) => void;

  /** `onSubmitted` hears of every task that was accepted. */
  constructor(scene: Scene, onSubmitted: (task: Task) => void) {
    this.#scene = scene;
    this.#onSubmitted = onSubmitted;
    const objects = objectsFor(scene, this.#life);
    this.#objects = scene.world.profile.coalesces ? coalesced(objects, () => {}) : objects;
  }

  /** Plans what this run asks for. */
  plan(): void {
    const { world } = this.#scene;
    const tasks = world.load.between(2, world.profile.eventful ? 16 : 8);
    for (let i = 0; i < tasks; i++) this.#soon('submits', () => this.#submits(`key-${i}`));
    const verbs = world.load.between(0, world.profile.onlyExecutor === undefined ? 7 : 20);
    for (let i = 0; i < verbs; i++) this.#soon('asks', () => this.#verb());
    // More than one: it must meet others in one call to do harm.
    const poisons = world.profile.poison ? 4 : 0;
    for (let i = 0; i < poisons; i++) this.#soon('submits poison', () => this.#poisons());
  }

  /** Asks to cancel in the moment in which work is about to end. */
  race(task: Task): void {
    const { world } = this.#scene;
    if (!task.system && world.fault('race.cancel'))
      world.after(world.latencyMs(), this.#life, 'races', () => void this.#ask(task, { type: 'cancel', actor: ACTOR }));
  }

  /** Lets a paused task go on: for the end of a run. */
  resume(task: Pick<Task, 'id'>): Promise<CommandResult | undefined> {
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
    const spec = drawSpec(world.load, world.agenda.now, keyed ? name : undefined, world.profile);
    const twins = [this.#submit(spec, `digest of ${name}`)];
    if (keyed && world.load.chance(0.25)) twins.push(this.#submit(this.#renamed(spec), `digest of ${name}`));
    if (keyed && world.load.chance(0.1)) twins.push(this.#submit(this.#renamed(spec), `another digest of ${name}`));
    for (const placed of await Promise.all(twins)) {
      if (placed === undefined || this.#submitted.some(({ id }) => id === placed.task.id)) continue;
      this.#submitted.push(placed.task);
      this.#onSubmitted(placed.task);
    }
  }

  /** The same body under a new id, as every request of a caller gets one. */
  #renamed(spec: TaskSpec): TaskSpec {
    const { world } = this.#scene;
    return { ...spec, id: mint(world.load, world.agenda.now, spec.kind, spec.idempotencyKey) };
  }

  #submit(first: TaskSpec, digest: string): Promise<Placed | undefined> {
    const { world, evidence } = this.#scene;
    const { idempotencyKey: key } = first;
    const scheduledFor = world.load.chance(0.2) ? world.agenda.now + world.load.between(100, 20_000) : undefined;
    const service = { objects: this.#objects } as Service;
    let spec = first;
    return insist<Placed>(this.#scene, this.#life, (again) => {
      // An endpoint repeats with the same id; a caller who asks anew gets a new one, under the same key.
      if (again > 0 && key !== undefined && world.load.chance(0.5)) spec = this.#renamed(spec);
      evidence.specs.set(spec.id, spec);
      evidence.digests.set(spec.id, digest);
      const object = nameOfHome(spec.id);
      const keyHome = key === undefined ? object : objectName(NAMESPACE.name, homeOfKey(NAMESPACE, key));
      const submission: Submission = {
        object,
        ...(keyHome === object ? {} : { keyHome }),
        command: {
          taskId: spec.id,
          command: { type: 'submit', actor: ACTOR, spec, ...(scheduledFor === undefined ? {} : { scheduledFor }) },
          ...(key === undefined ? {} : { idempotency: { key, digest } }),
        },
      };
      return placeTask(service, submission);
    });
  }

  async #poisons(): Promise<void> {
    const { world, evidence } = this.#scene;
    const spec = poisonSpec(world.load, world.agenda.now, world.profile);
    evidence.specs.set(spec.id, spec);
    world.count('poison.submitted');
    await command(this.#objects, { taskId: spec.id, command: { type: 'submit', actor: ACTOR, spec } }).catch(() => {});
  }

  async #verb(): Promise<void> {
    const { world } = this.#scene;
    if (this.#submitted.length === 0) return;
    const task = this.#submitted[world.load.between(0, this.#submitted.length - 1)];
    if (task === undefined) return;
    await this.#ask(task, this.#drawVerb(task));
  }

  #drawVerb(task: Task): Command {
    const { world } = this.#scene;
    const type = world.load.pick(VERBS);
    const ifRevision = world.load.chance(0.1) ? { ifRevision: world.load.between(1, 4) } : {};
    const asked = { actor: ACTOR, ...ifRevision };
    if (type === 'reschedule') return { ...asked, type, scheduledFor: world.agenda.now + world.load.between(-1_000, 10_000) };
    if (type === 'update') return { ...asked, type, options: this.#drawOptions(task) };
    return { ...asked, type };
  }

  #drawOptions(task: Task): TaskOptions {
    const { load, profile } = this.#scene.world;
    return {
      ...(load.chance(0.5) ? { timeouts: drawTimeouts(load, task.kind, profile) } : {}),
      ...(load.chance(0.5) ? { priority: load.between(1, 5) } : {}),
      ...(load.chance(0.3) ? { retry: { ...task.retry, maxAttempts: task.retry.maxAttempts + 1 } } : {}),
      ...(load.chance(0.3) ? { tags: ['changed'] } : {}),
    };
  }

  #ask(task: Pick<Task, 'id'>, asked: Command): Promise<CommandResult | undefined> {
    return insist<CommandResult>(this.#scene, this.#life, () => command(this.#objects, { taskId: task.id, command: asked }));
  }
}
