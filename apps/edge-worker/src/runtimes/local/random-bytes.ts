/** Random bytes from a pool: to ask the system for every id would cost a thirtieth of a task. */
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;

/** Gives bytes of the system's generator, each of them once. */
export function randomBytesFromPool(): (count: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (count) => {
    if (count > POOL_BYTES) return randomFillSync(new Uint8Array(count));
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + count);
    // What was handed out may become a key: it does not stay here.
    pool.fill(0, used, used + count);
    used += count;
    return bytes;
  };
}
