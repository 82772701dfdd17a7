/** Reads names of objects: `<namespace>/<place>/<ledger|inbox>/<shard>`. */
import type { Address } from './id.ts';

/** The address in an object's name. Throws for any other text: the service makes these names itself, so that would be a fault. */
export function addressOfObject(name: string): Address {
  const [, place, object, shard] = name.split('/');
  if ((object !== 'ledger' && object !== 'inbox') || place === undefined || shard === undefined)
    throw new Error(`"${name}" names no object.`);
  return { place: Number(place), object, shard: Number(shard) };
}
