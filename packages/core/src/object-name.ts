/** Names of objects: `<namespace>/<place>/<ledger|inbox>/<shard>`. */
import type { Address } from './id.ts';

/** The address in a name. Throws for a text that is none: names are made by the service itself. */
export function addressOfObject(name: string): Address {
  const [, place, object, shard] = name.split('/');
  if ((object !== 'ledger' && object !== 'inbox') || place === undefined || shard === undefined)
    throw new Error(`"${name}" names no object.`);
  return { place: Number(place), object, shard: Number(shard) };
}
