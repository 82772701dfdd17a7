/**
 * Where tasks live: which object of a namespace keeps a task, and where a new one goes. Ids come from callers, so a shard that the
 * namespace does not have must not be addressed: to address a Durable Object is to create it.
 */
import { createHash } from 'node:crypto';
import { parseTaskId, type Address } from '@errand/core/id';
import type { Namespace, Place } from './catalog/namespaces.ts';

/** The only inbox of a namespace. All its manual tasks are in one object, so that a list of them is one query. */
export const INBOX: Address = { place: 0, object: 'inbox', shard: 0 };

/** An object's name, as `Objects` takes it. */
export function objectName(namespace: string, { place, object, shard }: Address): string {
  return `${namespace}/${place}/${object}/${shard}`;
}

/** The object that keeps the task `id`, or `undefined` for an id that cannot be of this namespace. */
export function objectOfTask(namespace: Namespace, id: string): string | undefined {
  const parsed = parseTaskId(id);
  if (parsed === undefined) return undefined;
  const exists = parsed.object === 'inbox' ? parsed.place === INBOX.place && parsed.shard === INBOX.shard : isLedger(namespace, parsed);
  return exists ? objectName(namespace.name, parsed) : undefined;
}

/** Every object of a namespace: its ledgers and its inbox. */
export function objectsOf(namespace: Namespace): string[] {
  return [...ledgersOf(namespace), INBOX].map((address) => objectName(namespace.name, address));
}

/** The ledger where an idempotency key is kept. It depends on the key alone, so that a retry from anywhere in the world finds it. */
export function homeOfKey(namespace: Namespace, key: string): Address {
  return ledgerOf(namespace, key);
}

/**
 * Name of the ledger where a task that waits for an event and that event find each other. It depends on the correlation alone, which is
 * all that both know: the hook that brings the event may not even exist yet when the task begins to wait.
 */
export function meetingOf(namespace: Namespace, correlation: string): string {
  return objectName(namespace.name, ledgerOf(namespace, `event\n${correlation}`));
}

/** The ledger that keeps a hook's deliveries and the tasks it creates. */
export function homeOfHook(namespace: Namespace, hookId: string): Address {
  return ledgerOf(namespace, `hook\n${hookId}`);
}

/** A ledger for a task without a key: near the caller where the namespace has a place there. `fraction`, in [0, 1), picks the shard. */
export function ledgerNear(namespace: Namespace, continent: string | undefined, fraction: number): Address {
  const near = namespace.places.findIndex((place) => CONTINENTS[place] === continent);
  return { place: Math.max(near, 0), object: 'ledger', shard: Math.floor(fraction * namespace.shards) };
}

/** Continents as Cloudflare names them in `request.cf.continent`. */
const CONTINENTS: Record<Place, string> = {
  wnam: 'NA',
  enam: 'NA',
  sam: 'SA',
  weur: 'EU',
  eeur: 'EU',
  apac: 'AS',
  oc: 'OC',
  afr: 'AF',
  me: 'AS',
};

function ledgerOf(namespace: Namespace, key: string): Address {
  const ledgers = ledgersOf(namespace);
  const hash = createHash('sha256').update(`${namespace.name}\n${key}`).digest().readUInt32BE(0);
  return ledgers[hash % ledgers.length] ?? { place: 0, object: 'ledger', shard: 0 };
}

/** The ledgers of a namespace, place by place. They keep its automated and integration tasks. */
export function ledgersOf(namespace: Namespace): Address[] {
  const places = Math.max(namespace.places.length, 1);
  return Array.from({ length: places * namespace.shards }, (_, i) => ({
    place: Math.floor(i / namespace.shards),
    object: 'ledger' as const,
    shard: i % namespace.shards,
  }));
}

function isLedger(namespace: Namespace, { place, shard }: Address): boolean {
  return place < Math.max(namespace.places.length, 1) && shard < namespace.shards;
}
