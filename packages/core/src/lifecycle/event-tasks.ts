/** Tasks of the system that carry events: one processes a delivery, one brings an early event to the task that now waits. */
import type { DeliveryId } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import type { JsonObject } from '../json.ts';
import type { TaskSpec } from '../task.ts';

/** Processes one delivery of a hook. Input: `hookId`, `deliveryId`. */
export const HOOK_TYPE = 'errand.hook';
/** Brings a kept event to a task that has begun to wait for it. Input: `deliveryId`. */
export const MATCH_TYPE = 'errand.match';

/** An attempt calls other objects and the catalog, and nobody outside. */
const START_TO_CLOSE_MS = 30_000;
/** Kept as long as the delivery itself. */
const RETENTION_MS = 7 * 86_400_000;

export function hookSpec(id: TaskId, namespace: string, hookId: string, deliveryId: DeliveryId, now: number): TaskSpec {
  // In all about eleven hours: less than an idempotency key lives, under which a delivery creates its task.
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
