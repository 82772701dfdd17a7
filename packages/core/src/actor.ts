/** Who did it, in an event. */
export interface Actor {
  readonly kind: 'key' | 'person' | 'worker' | 'hook' | 'callback' | 'system';
  readonly id: string;
}

/** A person as their key names them. */
export interface Person {
  readonly id: string;
  readonly name?: string;
  readonly groups: readonly string[];
}

/** The service itself: timers, dispatch, retention. */
export const SYSTEM: Actor = { kind: 'system', id: 'errand' };
