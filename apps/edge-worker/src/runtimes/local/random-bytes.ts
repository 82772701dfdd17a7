/** Random bytes of the system, fetched many at a time: a task's id takes ten, and asking costs far more than they do. */
import { randomFillSync } from 'node:crypto';

const pool = new Uint8Array(4_096);
let used = pool.length;

/** `count` bytes that nobody else gets. */
export function randomBytes(count: number): Uint8Array {
  if (count > pool.length) return randomFillSync(new Uint8Array(count));
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + count);
  // What was handed out may become a key: it does not stay here.
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
