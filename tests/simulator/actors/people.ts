/** People who work on manual tasks: they claim, complete, release and fail, at the same time and more than once. */
import type { Person } from '@errand/core/actor';
import type { Command } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { CommandResult, Objects } from '@errand/core/ledger-object';
import type { Life } from '../world/agenda.ts';
import { command, insist, objectsFor, type Scene } from './scene.ts';

export const PEOPLE = [
  { id: 'ann', groups: [] },
  { id: 'ben', groups: ['ops'] },
  { id: 'eve', groups: ['sales'] },
] as const satisfies readonly Person[];
const ADMIN: Person = { id: 'admin', groups: [] };

export class People {
  readonly #scene: Scene;
  readonly #life: Life = { name: 'people', alive: true };
  readonly #objects: Objects;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#objects = objectsFor(scene, this.#life);
  }

  /** Everybody who finds this task does something with it; sometimes all in the same instant. */
  find(id: TaskId): void {
    const { world } = this.#scene;
    const together = world.fault('race.people') ? world.between(0, 5_000) : undefined;
    for (const person of PEOPLE) {
      if (together === undefined && world.load.chance(0.5)) continue;
      world.after(together ?? world.between(0, 20_000), this.#life, `${person.id} finds a task`, () => void this.#works(person, id));
    }
  }

  /** Ends what is still open: claims if nobody has, and completes as whoever holds it. */
  async settle(id: TaskId, holder: string | undefined): Promise<void> {
    const person = PEOPLE.find((one) => one.id === holder) ?? PEOPLE[0];
    if (holder === undefined) await this.#asks(id, { type: 'claim', actor: actorOf(person), person });
    await this.#completes(person, id);
  }

  async #works(person: Person, id: TaskId): Promise<void> {
    const { world } = this.#scene;
    const actor = actorOf(person);
    const claimed = await this.#asks(id, { type: 'claim', actor, person });
    await world.sleep(this.#life, world.load.chance(0.5) ? 0 : world.between(0, 5_000));
    const draw = world.load.next();
    // Now and then somebody goes on without having got it.
    if (claimed === undefined && draw > 0.3) return;
    if (draw < 0.6) await this.#completes(person, id);
    else if (draw < 0.75) {
      await this.#asks(id, { type: 'release', actor, person });
      if (world.load.chance(0.6)) await this.#works(person, id);
    } else if (draw < 0.82) await this.#asks(id, { type: 'fail', actor, person, code: 'person.no', message: 'no' });
    else if (draw < 0.9) await this.#asks(id, { type: 'release', actor: actorOf(ADMIN), person: ADMIN, asAdmin: true });
    // Twice, as an impatient finger does.
    else if (draw < 0.95) await Promise.all([this.#completes(person, id), this.#completes(person, id)]);
  }

  #completes(person: Person, id: TaskId): Promise<CommandResult | undefined> {
    const output = { ...this.#scene.evidence.result({ taskId: id, person: person.id }) };
    return this.#asks(id, { type: 'complete', actor: actorOf(person), person, output });
  }

  #asks(taskId: TaskId, asked: Command): Promise<CommandResult | undefined> {
    return insist<CommandResult>(this.#scene, this.#life, () => command(this.#objects, { taskId, command: asked }));
  }
}

function actorOf(person: Person): { readonly kind: 'person'; readonly id: string } {
  return { kind: 'person', id: person.id };
}
