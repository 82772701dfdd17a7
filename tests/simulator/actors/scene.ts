/** What all actors share: the world, the way to the objects, and what is known for certain. */
import type { TaskCommand } from '@errand/core/command';
import type { CommandResult } from '@errand/core/ports';
import type { TaskId } from '@errand/core/id';
import type { Evidence } from '../check/evidence.ts';
import type { Life } from '../world/agenda.ts';
import type { Network } from '../world/network.ts';
import type { ObjectHost } from '../world/object-host.ts';
import type { World } from '../world/world.ts';

export interface Scene {
  readonly world: World;
  readonly network: Network;
  readonly evidence: Evidence;
  readonly ledger: ObjectHost;
  readonly inbox: ObjectHost;
}

/** The object that keeps a task: manual ones are born in the inbox. */
export function homeOf(scene: Scene, task: { readonly kind: string }): ObjectHost {
  return task.kind === 'manual' ? scene.inbox : scene.ledger;
}

/** How often a caller that got no answer asks again. */
const PATIENCE = 5;

/**
 * Asks until it is answered, as a client with patience does; `undefined` when it gave up. What it asks may change from
 * try to try (a new id under the same key).
 */
export async function insist(
  scene: Scene,
  life: Life,
  host: ObjectHost,
  command: (again: number) => TaskCommand,
): Promise<CommandResult | undefined> {
  const { world, network } = scene;
  world.operations += 1;
  for (let again = 0; again < PATIENCE || world.calm; again++) {
    try {
      const [result] = await network.stub(life, host).execute([command(again)]);
      if (result?.ok === true) world.succeeded += 1;
      return result;
    } catch {
      if (again > 50) return undefined;
      await world.sleep(life, world.between(50, 500) * 2 ** Math.min(again, 5));
    }
  }
  return undefined;
}

/** Short names of what was submitted, for choosing among them. */
export interface Submitted {
  readonly id: TaskId;
  readonly kind: string;
}
