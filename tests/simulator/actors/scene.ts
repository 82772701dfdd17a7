/** What all actors share: the world, the way to the objects, and what is known for certain. */
import type { TaskCommand } from '@errand/core/command';
import type { CommandResult, Objects } from '@errand/core/ledger-object';
import { objectOfTask } from '@errand/edge-worker/address';
import { Problem } from '@errand/edge-worker/api/problem';
import type { Namespace } from '@errand/edge-worker/catalog/namespaces';
import type { Evidence } from '../check/evidence.ts';
import type { Life } from '../world/agenda.ts';
import type { Network } from '../world/network.ts';
import type { ObjectHost } from '../world/object-host.ts';
import { START, type World } from '../world/world.ts';

export interface Scene {
  readonly world: World;
  readonly network: Network;
  readonly evidence: Evidence;
  /** Every object, by name. */
  readonly hosts: ReadonlyMap<string, ObjectHost>;
}

/** The only namespace: two ledgers and an inbox. */
export const NAMESPACE: Namespace = { name: 'default', shards: 2, places: [], createdAt: START };

/** The objects as `life` reaches them, a new stub each time. */
export function objectsFor(scene: Scene, life: Life): Objects {
  const get = (name: string): never => scene.network.stub(life, hostNamed(scene, name)) as never;
  return { get, inbox: get };
}

export function hostNamed({ hosts }: Scene, name: string): ObjectHost {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`There is no object named ${name}.`);
  return host;
}

/** The name of the object that keeps a task. */
export function nameOfHome(taskId: string): string {
  const name = objectOfTask(NAMESPACE, taskId);
  if (name === undefined) throw new Error(`${taskId} is of no object.`);
  return name;
}

/** How often a caller that got no answer asks again. */
const PATIENCE = 5;

/**
 * Asks until it is answered, as a caller with patience does, and says whether it got what it asked for; `undefined` when it
 * gave up. A rejection is an answer.
 */
export async function insist<T>(scene: Scene, life: Life, ask: (again: number) => Promise<T | CommandResult>): Promise<T | undefined> {
  const { world } = scene;
  world.operations += 1;
  for (let again = 0; again < PATIENCE || (world.calm && again < 10 * PATIENCE); again++) {
    try {
      const answer = await ask(again);
      if (isRejection(answer)) return undefined;
      world.succeeded += 1;
      return answer as T;
    } catch (fault) {
      if (fault instanceof Problem && fault.status < 500 && fault.status !== 429) return undefined;
      await world.sleep(life, world.between(50, 500) * 2 ** Math.min(again, 5));
    }
  }
  return undefined;
}

/** Sends one command to the object of its task. */
export async function command(objects: Objects, asked: TaskCommand): Promise<CommandResult> {
  const [result] = await objects.get(nameOfHome(asked.taskId)).execute([asked]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  // What could not be written is worth another try; every other rejection is final.
  if (!result.ok && result.rejection.code === 'not_written') throw new Error(result.rejection.detail);
  return result;
}

function isRejection(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false;
}
