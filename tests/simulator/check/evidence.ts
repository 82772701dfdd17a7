/**
 * What the world outside the ledgers knows for certain: what was asked, what executors and people really gave, which
 * leases were confirmed. The checker holds the ledgers' books against it.
 */
import type { TaskId } from '@errand/core/id';
import { isJsonObject, type Json } from '@errand/core/json';
import type { TaskSpec } from '@errand/core/task';
import type { World } from '../world/world.ts';
import { violate } from './violation.ts';

/** Who gave a result: the attempt of a fence, or a person. */
export interface Giver {
  readonly taskId: TaskId;
  readonly fence?: number;
  readonly person?: string;
}

/** An event, for whichever task waits for its correlation. */
interface GivenEvent {
  readonly correlation: string;
}

export class Evidence {
  /** What was submitted, by the id it was submitted under. */
  readonly specs = new Map<TaskId, TaskSpec>();
  /** Digest of each submitted body, by task. */
  readonly digests = new Map<TaskId, string>();
  readonly #world: World;
  /** Side effects, by task and fence: an attempt acts once. */
  readonly #effects = new Map<TaskId, Set<number>>();
  readonly #given = new Map<string, Giver>();
  readonly #events = new Map<string, GivenEvent>();
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** A result nobody else gives, remembered with its giver. */
  result(giver: Giver): { readonly nonce: string } {
    this.#count += 1;
    const nonce = `n${this.#count}`;
    this.#given.set(nonce, giver);
    return { nonce };
  }

  /** An event nobody else sends, for whichever task waits for the correlation. */
  event(correlation: string): { readonly nonce: string } {
    this.#count += 1;
    const nonce = `e${this.#count}`;
    this.#events.set(nonce, { correlation });
    return { nonce };
  }

  /** Says whether this is the output of an event with that correlation. */
  wasSent(output: Json | undefined, correlation: string | undefined): boolean {
    const nonce = isJsonObject(output) ? output['nonce'] : undefined;
    return typeof nonce === 'string' && correlation !== undefined && this.#events.get(nonce)?.correlation === correlation;
  }

  wasGiven(result: Json | undefined, by: Giver): boolean {
    const nonce = isJsonObject(result) ? result['nonce'] : undefined;
    const giver = typeof nonce === 'string' ? this.#given.get(nonce) : undefined;
    return giver !== undefined && giver.taskId === by.taskId && giver.fence === by.fence && giver.person === by.person;
  }

  /** An executor acts, under the task's one key. */
  acts(taskId: TaskId, fence: number): void {
    const fences = this.#effects.get(taskId) ?? new Set();
    this.#world.witness(() => {
      if (fences.has(fence)) violate('4', `${taskId}: attempt ${fence} was performed twice`);
    });
    this.#effects.set(taskId, fences.add(fence));
  }

  actedFor(taskId: TaskId): boolean {
    return this.#effects.has(taskId);
  }
}
