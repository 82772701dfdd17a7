/** People who work on manual tasks: they claim, complete, release and fail, at the same time and more than once. */
import type { Person } from '@errand/core/actor';
import type { Command } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { Life } from '../world/agenda.ts';
import { insist, type Scene } from './scene.ts';

export const PEOPLE = [
  { id: 'ann', groups: [] },
  { id: 'ben', groups: ['ops'] },
  { id: 'eve', groups: ['sales'] },
] as const satisfies readonly Person[];

export class People {
  readonly #scene: Scene;
  readonly #life: Life = { name: 'people', alive: true };

  constructor(scene: Scene) {
    this.#scene = scene;
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
    if (holder === undefined) await this.#asks(person, id, { type: 'claim', actor: actorOf(person), person });
    await this.#completes(person, id);
  }

  async #works(person: Person, id: TaskId): Promise<void> {
    const { world } = this.#scene;
    const claimed = await this.#asks(person, id, { type: 'claim', actor: actorOf(person), person });
    await world.sleep(this.#life, world.load.chance(0.5) ? 0 : world.between(0, 5_000));
    const draw = world.load.next();
    // Now and then somebody goes on without having got it.
    if (claimed?.ok !== true && draw > 0.3) return;
    if (draw < 0.6) await this.#completes(person, id);
    else if (draw < 0.75) {
      await this.#asks(person, id, { type: 'release', actor: actorOf(person), person });
      if (world.load.chance(0.6)) await this.#works(person, id);
    } else if (draw < 0.82) {
      await this.#asks(person, id, { type: 'fail', actor: actorOf(person), person, code: 'person.no', message: 'no' });
    } else if (draw < 0.9) {
      const admin: Person = { id: 'admin', groups: [] };
      await this.#asks(admin, id, { type: 'release', actor: actorOf(admin), person: admin, asAdmin: true });
    } else if (draw < 0.95) {
      // Twice, as an impatient finger does.
      await Promise.all([this.#completes(person, id), this.#completes(person, id)]);
    }
  }

  #completes(person: Person, id: TaskId): Promise<unknown> {
    const output = { ...this.#scene.evidence.result({ taskId: id, person: person.id }) };
    return this.#asks(person, id, { type: 'complete', actor: actorOf(person), person, output });
  }

  #asks(_person: Person, id: TaskId, command: Command): ReturnType<typeof insist> {
    return insist(this.#scene, this.#life, this.#scene.inbox, () => ({ taskId: id, command }));
  }
}

function actorOf(person: Person): { readonly kind: 'person'; readonly id: string } {
  return { kind: 'person', id: person.id };
}
