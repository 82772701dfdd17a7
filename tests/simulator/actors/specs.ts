/** The tasks a simulated world submits: of every kind, with every option that has a rule behind it. */
import { mintTaskId, TASK_ID_RANDOM_BYTES, type TaskId } from '@errand/core/id';
import type { Kind, RetryPolicy, Timeouts } from '@errand/core/task-type';
import type { ExecutorName, TaskSpec } from '@errand/core/task';
import { POISON } from '../world/object-host.ts';
import type { Dice } from '../world/dice.ts';

/** The lane of remote workers. */
export const WORKER_LANE = 'worker:sim.remote@1';
/** The code of a failure that no attempt could mend. */
export const FINAL_CODE = 'sim.final';

const EXECUTORS: Record<Exclude<ExecutorName, 'worker'>, Kind> = { automated: 'automated', integration: 'integration', manual: 'manual' };

/** A new id, minted at `now` in the object of its kind. */
export function mint(dice: Dice, now: number, kind: Kind): TaskId {
  const random = Uint8Array.from({ length: TASK_ID_RANDOM_BYTES }, () => dice.between(0, 255));
  return mintTaskId(now, { place: 0, object: kind === 'manual' ? 'inbox' : 'ledger', shard: 0 }, random);
}

/** Draws a task. */
export function drawSpec(dice: Dice, now: number, idempotencyKey: string | undefined): TaskSpec {
  const executor = dice.pick(['automated', 'automated', 'worker', 'integration', 'manual'] satisfies [ExecutorName, ...ExecutorName[]]);
  const kind = executor === 'worker' ? 'automated' : EXECUTORS[executor];
  return {
    id: mint(dice, now, kind),
    namespace: 'default',
    type: executor === 'worker' ? 'sim.remote' : `sim.${kind}`,
    version: 1,
    kind,
    // Some payloads are longer than what a row carries inline.
    input: { text: 'x'.repeat(dice.chance(0.1) ? 5_000 : 8) },
    priority: dice.between(1, 5),
    tags: [],
    metadata: {},
    retry: drawRetry(dice),
    timeouts: drawTimeouts(dice, kind),
    ...(dice.chance(0.12) ? { ttlMs: dice.between(500, 20_000) } : {}),
    retentionMs: dice.chance(0.5) ? dice.between(1, 60_000) : 7 * 86_400_000,
    route: { executor, lane: executor === 'worker' ? WORKER_LANE : executor, rule: 'default', reason: 'by kind' },
    ...(dice.chance(0.15) ? { callbackUrl: 'https://example.com/done' } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(kind === 'manual' && dice.chance(0.4) ? { candidates: { users: ['ann'], groups: ['ops'] } } : {}),
    system: false,
    createdAt: now,
  };
}

/** A task no transaction can write. */
export function poisonSpec(dice: Dice, now: number): TaskSpec {
  const spec = drawSpec(dice, now, undefined);
  return {
    ...spec,
    id: mint(dice, now, 'automated'),
    kind: 'automated',
    type: POISON,
    route: { ...spec.route, executor: 'automated', lane: 'automated' },
  };
}

function drawRetry(dice: Dice): RetryPolicy {
  return {
    maxAttempts: dice.between(1, 4),
    initialIntervalMs: dice.between(0, 2_000),
    backoffCoefficient: 2,
    maxIntervalMs: dice.between(1_000, 10_000),
    jitter: dice.chance(0.5) ? 'full' : 'none',
    nonRetryableCodes: dice.chance(0.3) ? ['sim.failed'] : [],
    ...(dice.chance(0.1) ? { scheduleMs: [500, 3_000] } : {}),
  };
}

function drawTimeouts(dice: Dice, kind: Kind): Timeouts {
  return {
    ...(kind === 'manual' ? {} : { startToCloseMs: dice.between(1_000, 25_000) }),
    ...(dice.chance(0.3) ? { scheduleToCloseMs: dice.between(2_000, 60_000) } : {}),
    ...(dice.chance(0.15) ? { scheduleToStartMs: dice.between(500, 30_000) } : {}),
    ...(kind !== 'manual' && dice.chance(0.25) ? { heartbeatMs: dice.between(1_500, 8_000) } : {}),
  };
}
