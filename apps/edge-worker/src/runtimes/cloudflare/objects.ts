/** Objects by name, over Durable Object namespaces. */
import type { InboxObject, LedgerObject, Objects } from '@errand/core/ledger-object';
import type { PerformingLedger } from '../../perform.ts';
import type { Bindings } from './bindings.ts';
import { isTextMethod, type TextCalls } from './text-calls.ts';

/** An object's stub: what endpoints and performers call, and its stream of changes. */
export type ObjectStub = LedgerObject & PerformingLedger & { fetch(request: Request): Promise<Response> };

/**
 * The stub of the object named `<namespace>/<place>/<ledger|inbox>/<shard>`. A new one each time: a stub is broken for good once a call
 * fails.
 */
export function objectStub(env: Bindings, name: string): ObjectStub {
  const namespace = name.split('/')[2] === 'inbox' ? env.INBOX : env.LEDGER;
  return inText(namespace.getByName(name) as unknown as ObjectStub & TextCalls);
}

export function createObjects(env: Bindings): Objects {
  return { get: (name) => objectStub(env, name), inbox: (name) => inText(env.INBOX.getByName(name) as unknown as InboxObject & TextCalls) };
}

/** Has what carries many tasks travel as text. */
function inText<Stub extends object>(stub: Stub & TextCalls): Stub {
  return new Proxy(stub, {
    get(target, member) {
      if (isTextMethod(member))
        return async (items: readonly unknown[]) => JSON.parse(await target.callInText(member, JSON.stringify(items))) as unknown;
      // A method of the stub itself must be called on it.
      return (...args: unknown[]) => (target[member as keyof Stub] as (...all: unknown[]) => unknown)(...args);
    },
  });
}
