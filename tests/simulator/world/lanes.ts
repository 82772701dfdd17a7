/** The lanes between ledgers and executors: they may lose, double, delay and reorder whatever they are given. */
import type { LaneMessage } from '@errand/core/assignment';
import type { World } from './world.ts';

export class Lanes {
  readonly #world: World;
  readonly #deliver: (message: LaneMessage) => void;
  /** Messages under way are in the memory of the machine: a new number is a machine that has forgotten them. */
  #memory = 0;

  constructor(world: World, deliver: (message: LaneMessage) => void) {
    this.#world = world;
    this.#deliver = deliver;
  }

  /** Takes messages, or throws. */
  send(lane: string, messages: readonly LaneMessage[]): void {
    const world = this.#world;
    if (world.fault('lane.refused')) throw new Error('the lane takes nothing now');
    for (const message of messages) {
      if (world.fault('lane.lost')) continue;
      this.#carry(lane, message);
      if (world.fault('lane.doubled')) this.#carry(lane, message);
    }
  }

  /** The machine that carried the messages is gone. */
  forget(): void {
    this.#memory += 1;
  }

  #carry(lane: string, message: LaneMessage): void {
    const world = this.#world;
    const memory = this.#memory;
    const delayMs = world.fault('lane.delayed') ? world.between(50, 60_000) : world.latencyMs();
    world.after(delayMs, undefined, `lane ${lane} delivers`, () => {
      if (memory === this.#memory) this.#deliver(message);
    });
  }
}
