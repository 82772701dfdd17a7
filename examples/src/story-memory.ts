/**
 * Finds the tasks of a run so long ago that the service may have forgotten its idempotency keys (it keeps them for
 * 24 hours): without this, a start on the next day would charge every order again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@errand/client/client';

/** Task ids by type and order, as {@link memoryKey} joins them. */
export type Remembered = ReadonlyMap<string, string>;

/** Well under the 24 hours for which keys are kept, so that a run may end before they do. */
const KEYS_ARE_SAFE_MS = 20 * 3_600_000;

/** The key under which an order's task of a type is remembered. */
export function memoryKey(type: string, order: string): string {
  return `${type} ${order}`;
}

/** Lists the story's tasks when its first run is long past; before that the keys do the work, and nothing is asked. */
export async function rememberTasks(client: Client, dataDir: string, now: number): Promise<Remembered> {
  const file = join(dataDir, 'story-begun.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ begunAt: now }));
  const { begunAt } = JSON.parse(readFileSync(file, 'utf8')) as { begunAt: number };
  const known = new Map<string, string>();
  if (now - begunAt < KEYS_ARE_SAFE_MS) return known;
  // Newest first, so the oldest task of an order is the one that stays.
  for await (const task of client.list({ tag: 'order-story' })) known.set(memoryKey(task.type, String(task.metadata['order'])), task.id);
  return known;
}
