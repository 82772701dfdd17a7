/** Who acts on manual work: the person behind a key, and whether the key administers it. */
import type { Person } from '@errand/core/actor';
import type { Caller, Scope } from '../catalog/keys.ts';
import { Problem } from './problem.ts';

/** The person that a key acts as. Throws a 403 for a key that is no person's. */
export function personOf({ person }: Caller): Person {
  if (person === undefined)
    throw new Problem(403, 'no_person', 'This key acts as nobody. Manual work is done with a key that was made for a person (`person`).');
  return person;
}

/** Says whether the key may do what only administrators of manual work may. */
export function isManualAdmin(caller: Caller): boolean {
  return caller.scopes.includes('manual:admin');
}

/** Throws a 403 unless the key may work in the inbox or administer it. */
export function requireManual(caller: Caller): void {
  const either: readonly Scope[] = ['manual:work', 'manual:admin'];
  if (!either.some((scope) => caller.scopes.includes(scope)))
    throw new Problem(403, 'missing_scope', `The key lacks the scope ${either.join(' or ')}.`);
}
