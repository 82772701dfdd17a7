/**
 * Third parties that send events to hooks: before anybody waits, more than once, with outputs that do not fit. A delivery is
 * sent until it is acknowledged, as senders do.
 */
import type { DeliveryId } from '@errand/core/hook-delivery';
import type { Objects } from '@errand/core/ledger-object';
import { homeOfHook, objectName } from '@errand/edge-worker/address';
import { mintDeliveryId } from '@errand/edge-worker/webhooks/event-ids';
import type { Life } from '../world/agenda.ts';
import { insist, NAMESPACE, objectsFor, type Scene } from './scene.ts';

/** Hooks there are: each has a home of its own. */
export const HOOK_IDS = ['hook_one', 'hook_two', 'hook_three'] as const;

export class Senders {
  readonly #scene: Scene;
  readonly #life: Life = { name: 'sender', alive: true };
  readonly #objects: Objects;
  #events = 0;
  #written = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#objects = objectsFor(scene, this.#life);
  }

  /** Sends an event for whoever waits for `correlation`. */
  send(correlation: string): void {
    const { world, evidence } = this.#scene;
    this.#events += 1;
    const invalid = world.fault('event.invalid');
    const output = { ...evidence.event(correlation), ...(invalid ? { invalid: true } : {}) };
    const event = { correlation, output, number: this.#events };
    void this.#deliver(event);
    if (world.fault('event.doubled')) world.after(world.between(0, 20_000), this.#life, 'sends again', () => void this.#deliver(event));
    // The first one did not fit: a sender who learns that sends a better one.
    if (invalid) world.after(world.between(100, 5_000), this.#life, 'sends another', () => this.send(correlation));
  }

  async #deliver(event: { readonly correlation: string; readonly output: object; readonly number: number }): Promise<void> {
    const hookId = HOOK_IDS[event.number % HOOK_IDS.length] ?? HOOK_IDS[0];
    const home = objectName(NAMESPACE.name, homeOfHook(NAMESPACE, hookId));
    // Some senders number their events; others are known by what they say.
    const eventId = event.number % 3 === 0 ? null : `event-${event.number}`;
    let id = this.#mint();
    this.#written += 1;
    // Who numbers events may write the same one anew.
    const body = JSON.stringify(eventId === null ? event : { ...event, written: this.#written });
    await insist(this.#scene, this.#life, (again) => {
      // The endpoint mints the id: a sender who tries again comes under a new one.
      if (again > 0) id = this.#mint();
      return this.#objects.get(home).receiveDelivery({ id, hookId, eventId, digest: body, headers: {}, body, encoding: 'utf8' });
    });
  }

  #mint(): DeliveryId {
    const { world } = this.#scene;
    return mintDeliveryId(world.agenda.now, (count) => Uint8Array.from({ length: count }, () => world.load.between(0, 255)));
  }
}
