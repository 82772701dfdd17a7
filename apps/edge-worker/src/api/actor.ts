/** The caller as the actor of an event: the person whose key it is, or the key itself. */
import type { Actor } from '@errand/core/actor';
import type { Caller } from '../catalog/keys.ts';

export function actorOf({ keyId, person }: Caller): Actor {
  return person === undefined ? { kind: 'key', id: keyId } : { kind: 'person', id: person.id };
}
