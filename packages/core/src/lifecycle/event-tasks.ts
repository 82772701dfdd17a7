/**
 * The system tasks that carry the events of hooks: `errand.hook` processes a delivery, `errand.match` brings an event that came
 * early to the task that has begun to wait for it.
 */
import type { DeliveryId } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import type { JsonObject } from '../json.ts';
import type { TaskSpec } from '../task.ts';

/** The type of a task that processes one delivery of a hook. Its input: `hookId`, `deliveryId`. */
export const HOOK_TYPE = 'errand.hook';
/** The type of a task that brings a kept event to its waiter. Its input: `deliveryId`. */
export const MATCH_TYPE = 'errand.match';

/** Short, for an attempt calls only other objects and the catalog, nobody outside. */
const START_TO_CLOSE_MS = 30_000;
/** As long as the delivery itself is kept: seven days. */
const RETENTION_MS = 7 * 86_400_000;

export function hookSpec(id: TaskId, namespace: string, hookId: string, deliveryId: DeliveryId, now: number): TaskSpec {
  // Forty attempts take about eleven hours. They must end before the idempotency key under which a delivery creates its task (24 h).
  return spec(id, namespace, HOOK_TYPE, { hookId, deliveryId }, 40, 1_200_000, now);
}

export function matchSpec(id: TaskId, namespace: string, deliveryId: DeliveryId, now: number): TaskSpec {
  return spec(id, namespace, MATCH_TYPE, { deliveryId }, 1_000, 300_000, now);
}

function spec(
  id: TaskId,
  namespace: string,
  type: string,
  input: JsonObject,
  maxAttempts: number,
  maxIntervalMs: number,
  now: number,
): TaskSpec {
  return {
    id,
    namespace,
    type,
    version: 1,
    kind: 'automated',
    input,
    priority: 2,
    tags: [],
    metadata: {},
    retry: { maxAttempts, initialIntervalMs: 500, backoffCoefficient: 2, maxIntervalMs, jitter: 'full', nonRetryableCodes: [] },
    timeouts: { startToCloseMs: START_TO_CLOSE_MS },
    retentionMs: RETENTION_MS,
    route: { executor: 'automated', lane: 'automated', rule: 'system', reason: 'The service processes events itself.' },
    system: true,
    createdAt: now,
  };
}
