/** Who brought an event about, and the people among them. */

/** Who brought an event about. `id` is that of the key, person, worker, hook or attempt. */
export interface Actor {
  readonly kind: 'key' | 'person' | 'worker' | 'hook' | 'callback' | 'system';
  readonly id: string;
}

/** A person, as the API key that acts for them describes them. */
export interface Person {
  readonly id: string;
  readonly name?: string;
  readonly groups: readonly string[];
}

/** The service itself, for what nobody asked for: timers, dispatch. */
export const SYSTEM: Actor = { kind: 'system', id: 'errand' };
