/** Objects by name, over Durable Object namespaces. */
import type { InboxObject, LedgerObject, Objects } from '@errand/core/ports';
import type { PerformingLedger } from '../../perform.ts';
import type { Bindings } from './bindings.ts';

/** An object's stub: what endpoints and performers call, and its stream of changes. */
export type ObjectStub = LedgerObject & PerformingLedger & { fetch(request: Request): Promise<Response> };

/** The stub of the object named `<namespace>/<place>/<ledger|inbox>/<shard>`. A new one each time: a stub is broken for good once a call fails. */
export function objectStub(env: Bindings, name: string): ObjectStub {
  const namespace = name.split('/')[2] === 'inbox' ? env.INBOX : env.LEDGER;
  return namespace.getByName(name) as unknown as ObjectStub;
}

export function createObjects(env: Bindings): Objects {
  return { get: (name) => objectStub(env, name), inbox: (name) => env.INBOX.getByName(name) as unknown as InboxObject };
}
