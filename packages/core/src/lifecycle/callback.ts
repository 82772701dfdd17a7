/** The delivery of a task's callback is a task, too: a system task, which the ledger inserts in the commit that ends the first one. */
import type { TaskId } from '../id.ts';
import type { Task, TaskSpec } from '../task.ts';

/** The type of the tasks that deliver callbacks. */
export const CALLBACK_TYPE = 'errand.callback';

/** Delays between attempts, as Standard Webhooks recommends: ten attempts over about three days. */
export const CALLBACK_SCHEDULE_MS: readonly number[] = [
  5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
];

/** The task that tells `callbackUrl` how `task` ended. It carries the id alone: payload and signing secret are read when it is sent. */
export function callbackSpec(task: Task, id: TaskId, now: number): TaskSpec {
  return {
    id,
    namespace: task.namespace,
    type: CALLBACK_TYPE,
    version: 1,
    kind: 'integration',
    input: { taskId: task.id, url: task.callbackUrl ?? '', event: `task.${task.status}` },
    priority: 3,
    tags: [],
    metadata: {},
    retry: {
      maxAttempts: CALLBACK_SCHEDULE_MS.length + 1,
      initialIntervalMs: 5_000,
      backoffCoefficient: 1,
      maxIntervalMs: 86_400_000,
      jitter: 'none',
      nonRetryableCodes: [],
      scheduleMs: CALLBACK_SCHEDULE_MS,
    },
    timeouts: { startToCloseMs: 30_000 },
    retentionMs: 7 * 86_400_000,
    route: { executor: 'integration', lane: 'integration', rule: 'system', reason: 'The service delivers callbacks itself.' },
    system: true,
    createdAt: now,
  };
}
