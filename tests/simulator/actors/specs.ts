/** The tasks a simulated world submits: of every kind, with every option that has a rule behind it. */
import { mintTaskId, TASK_ID_RANDOM_BYTES, type Address, type TaskId } from '@errand/core/id';
import type { Kind, RetryPolicy, Timeouts } from '@errand/core/task-type';
import type { ExecutorName, TaskSpec } from '@errand/core/task';
import { homeOfKey, INBOX, ledgerNear } from '@errand/edge-worker/address';
import type { Dice } from '../world/dice.ts';
import type { Profile } from '../world/faults.ts';
import { POISON } from '../world/object-host.ts';
import { NAMESPACE } from './scene.ts';

/** The lane of remote workers. */
export const WORKER_LANE = 'worker:sim.remote@1';
/** The code of a failure that no attempt could mend. */
export const FINAL_CODE = 'sim.final';

const EXECUTORS = [
  'automated',
  'automated',
  'worker',
  'worker',
  'integration',
  'integration',
  'manual',
] as const satisfies readonly ExecutorName[];

/** A new id, minted at `now` in the object where such a task lives. */
export function mint(dice: Dice, now: number, kind: Kind, key?: string): TaskId {
  const random = Uint8Array.from({ length: TASK_ID_RANDOM_BYTES }, () => dice.between(0, 255));
  return mintTaskId(now, addressOf(dice, kind, key), random);
}

/** Draws a task of a world with this profile. */
export function drawSpec(dice: Dice, now: number, idempotencyKey: string | undefined, profile: Profile): TaskSpec {
  const executor = profile.onlyExecutor ?? dice.pick(EXECUTORS);
  const kind = executor === 'worker' ? 'automated' : executor;
  return {
    id: mint(dice, now, kind, idempotencyKey),
    namespace: NAMESPACE.name,
    type: executor === 'worker' ? 'sim.remote' : `sim.${kind}`,
    version: 1,
    kind,
    // Some payloads are longer than what a row carries inline.
    input: { text: 'x'.repeat(dice.chance(0.1) ? 5_000 : 8) },
    priority: dice.between(1, 5),
    tags: [],
    metadata: {},
    retry: drawRetry(dice),
    timeouts: drawTimeouts(dice, kind, profile),
    ...drawTtl(dice, profile),
    retentionMs: dice.chance(0.5) ? dice.between(1, 60_000) : 7 * 86_400_000,
    route: { executor, lane: executor === 'worker' ? WORKER_LANE : executor, rule: 'default', reason: 'by kind' },
    ...(dice.chance(0.15) ? { callbackUrl: 'https://example.com/done' } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(kind === 'manual' && dice.chance(0.4) ? { candidates: { users: ['ann'], groups: ['ops'] } } : {}),
    ...(kind === 'manual' && dice.chance(0.4) ? { dueAt: now + dice.between(1_000, 60_000) } : {}),
    system: false,
    createdAt: now,
  };
}

/** A task no transaction can write. */
export function poisonSpec(dice: Dice, now: number, profile: Profile): TaskSpec {
  const spec = drawSpec(dice, now, undefined, profile);
  const route = { ...spec.route, executor: 'automated', lane: 'automated' } as const;
  return { ...spec, id: mint(dice, now, 'automated'), kind: 'automated', type: POISON, route };
}

export function drawTimeouts(dice: Dice, kind: Kind, { onlyExecutor }: Profile): Timeouts {
  const beats = onlyExecutor === 'worker' ? 0.9 : 0.35;
  return {
    ...(kind === 'manual' ? {} : { startToCloseMs: dice.between(1_000, 25_000) }),
    ...(dice.chance(0.3) ? { scheduleToCloseMs: dice.between(2_000, 60_000) } : {}),
    ...(dice.chance(0.15) ? { scheduleToStartMs: dice.between(500, 30_000) } : {}),
    ...(kind !== 'manual' && dice.chance(beats) ? { heartbeatMs: dice.between(1_500, 8_000) } : {}),
  };
}

function drawTtl(dice: Dice, { hasty }: Profile): Pick<TaskSpec, 'ttlMs'> {
  if (hasty && dice.chance(0.4)) return { ttlMs: dice.between(0, 1) };
  return dice.chance(0.12) ? { ttlMs: dice.between(500, 20_000) } : {};
}

function drawRetry(dice: Dice): RetryPolicy {
  return {
    maxAttempts: dice.between(1, 4),
    initialIntervalMs: dice.chance(0.3) ? 0 : dice.between(0, 2_000),
    backoffCoefficient: 2,
    maxIntervalMs: dice.between(1_000, 10_000),
    jitter: dice.chance(0.5) ? 'full' : 'none',
    nonRetryableCodes: dice.chance(0.3) ? ['sim.failed'] : [],
    ...(dice.chance(0.1) ? { scheduleMs: [500, 3_000] } : {}),
  };
}

/** A task with a key lives in the key's home, another one anywhere; manual ones are born in the inbox. */
function addressOf(dice: Dice, kind: Kind, key: string | undefined): Address {
  if (kind === 'manual') return INBOX;
  return key === undefined ? ledgerNear(NAMESPACE, undefined, dice.next()) : homeOfKey(NAMESPACE, key);
}
