/**
 * Lists and counts over all objects of a namespace. When one of them does not answer the whole fails with a 503: a shorter list would
 * look complete.
 */
import type { TaskFilter } from '@errand/core/ledger-object';
import type { Status, Task } from '@errand/core/task';
import { objectsOf } from '../address.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import type { Service } from './service.ts';

/** A page, newest first, and the id below which the next one begins. */
export interface Page {
  readonly items: readonly Task[];
  readonly next: string | null;
}

/**
 * A page of the tasks that a filter lets through, merged from all objects by id. Each object scans a bounded number of rows, so a page
 * may be short and still have a next one.
 */
export async function listAcross(
  service: Service,
  namespace: Namespace,
  filter: TaskFilter,
  before: string | null,
  limit: number,
): Promise<Page> {
  // One more than the page has says whether there is another.
  const pages = await Promise.all(objectsOf(namespace).map((object) => service.objects.get(object).list(filter, before, limit + 1)));
  // Where a scan stopped early its object may have tasks below. The page ends at the highest of these places, so that none is skipped.
  const horizon = pages
    .flatMap(({ scannedTo }) => (scannedTo === null ? [] : [scannedTo]))
    .sort()
    .at(-1);
  const merged = pages
    .flatMap(({ items }) => items)
    .filter(({ id }) => horizon === undefined || id >= horizon)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const items = merged.slice(0, limit);
  if (items.length < limit) return { items, next: horizon ?? null };
  const hasMore = merged.length > limit || horizon !== undefined;
  return { items, next: hasMore ? (items.at(-1)?.id ?? null) : null };
}

/** Tasks by status over all objects. */
export async function countAcross(service: Service, namespace: Namespace, filter: TaskFilter): Promise<Partial<Record<Status, number>>> {
  const counts = await Promise.all(objectsOf(namespace).map((object) => service.objects.get(object).count(filter)));
  const total: Partial<Record<Status, number>> = {};
  for (const count of counts) {
    for (const [status, n] of Object.entries(count) as [Status, number][]) total[status] = (total[status] ?? 0) + n;
  }
  return total;
}
