/** The faults a simulated world has, and how likely one seed makes each. */
import type { ExecutorName } from '@errand/core/task';
import type { Dice } from './dice.ts';

export const FAULT_KINDS = [
  'lane.lost',
  'lane.doubled',
  'lane.delayed',
  'lane.refused',
  'request.lost',
  'request.doubled',
  'request.delayed',
  'answer.lost',
  'answer.delayed',
  'object.crashed',
  'object.evicted',
  'power.lost',
  'disk.slow',
  'disk.failed',
  'sql.failed',
  'alarm.late',
  'alarm.doubled',
  'alarm.dropped',
  'clock.forward',
  'clock.back',
  'executor.failed',
  'executor.threw',
  'executor.hung',
  'executor.deaf',
  'executor.invalid',
  'executor.crashed',
  'worker.died',
  'worker.silent',
  'answered.twice',
  'answered.stale',
  'callback.lost',
  'event.early',
  'event.doubled',
  'event.invalid',
  'race.cancel',
  'race.people',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Where an object can be cut down: around everything it does that the world outside can see. */
export const CRASH_POINTS = [
  'while opening',
  'before a transaction',
  'within a transaction',
  'between commit and alarm',
  'after the alarm was set',
  'between commit and durable',
  'between durable and answer',
  'before a send',
  'after a send',
  'before a post',
  'after a post',
  'at a write of its own',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Faults that lost commits the disk had not yet confirmed, and poison, are counted beside the drawn ones. */
export const CONSEQUENCES = ['unsynced.lost', 'poison.submitted'] as const;
export type FaultName = FaultKind | `crash ${CrashPoint}` | (typeof CONSEQUENCES)[number];

/** What one seed decides before anything happens. */
export interface Profile {
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Cuts the object down at this crash point, counted from 1, whatever the probabilities. */
  readonly crashAt: number | undefined;
  /** Days pass at the end, so that keys expire and what outlived its retention must go. */
  readonly ageing: boolean;
  /** A task that no transaction can write is among those submitted. */
  readonly poison: boolean;
  /** The book starts as an empty database, and is migrated while faults happen. */
  readonly emptyBook: boolean;
  /** Service and objects are one process, as locally: they die together, and whoever comes after knows that. */
  readonly oneProcess: boolean;
  /** In that one process tasks begin where they are dispatched, and need no message. */
  readonly near: boolean;
  /** Calls of one instant are gathered before a commit, and now and then ledgers may do but little in one go. */
  readonly gathers: boolean;
  /** Requests of one instant share one call to an object, as the endpoints' do. */
  readonly coalesces: boolean;
  /** Performs every task: a world in which one thing happens often shows what it does to itself. */
  readonly onlyExecutor: ExecutorName | undefined;
  /** Some tasks have no time to start at all. */
  readonly hasty: boolean;
  /** Third parties answer by events alone, and power is lost while the disk is busy: posts that nobody will remember are under way. */
  readonly eventful: boolean;
}

/** Faults that leave little to observe when they are certain: they stay rare even where others are at 1. */
const CAPS: Partial<Record<FaultKind, number>> = {
  'object.crashed': 0.04,
  'object.evicted': 0.1,
  'power.lost': 0.02,
  'disk.failed': 0.05,
  'sql.failed': 0.02,
  'request.lost': 0.5,
  'answer.lost': 0.5,
  'request.delayed': 0.3,
  'answer.delayed': 0.3,
  'clock.forward': 0.2,
  'clock.back': 0.2,
  'executor.crashed': 0.1,
};

/** Faults whose effects need others beside them: they are likelier. */
const OFTEN: ReadonlySet<FaultKind> = new Set(['disk.slow', 'object.crashed', 'event.early']);

/** Draws the profile of a seed: most faults absent, some rare, some frequent, some certain. */
export function drawProfile(dice: Dice): Profile {
  const mood = dice.next();
  const drawn = Object.fromEntries(
    FAULT_KINDS.map((kind) => [kind, probability(dice, OFTEN.has(kind) ? mood + 0.3 : mood) * (CAPS[kind] ?? 1)]),
  ) as Record<FaultKind, number>;
  const profile = {
    faults: drawn,
    crashAt: dice.chance(0.15) ? dice.between(1, 300) : undefined,
    ageing: dice.chance(0.06),
    poison: dice.chance(0.05),
    emptyBook: dice.chance(0.03),
    oneProcess: dice.chance(0.4),
    near: dice.chance(0.6),
    gathers: dice.chance(0.3),
    coalesces: dice.chance(0.5),
    onlyExecutor: dice.chance(0.2) ? dice.pick(EXECUTORS) : undefined,
    hasty: dice.chance(0.05),
    eventful: dice.chance(0.08),
  };
  if (profile.hasty) return { ...profile, onlyExecutor: 'automated', oneProcess: true, near: true };
  if (profile.eventful) return { ...profile, onlyExecutor: 'integration', faults: { ...drawn, 'disk.slow': 1 } };
  return profile;
}

/** What may perform every task of a world. */
const EXECUTORS = ['automated', 'worker', 'integration', 'manual'] as const satisfies readonly ExecutorName[];

/** No fault at all. */
export const CALM: Profile = {
  faults: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>,
  crashAt: undefined,
  ageing: false,
  poison: false,
  emptyBook: false,
  oneProcess: false,
  near: false,
  gathers: false,
  coalesces: false,
  onlyExecutor: undefined,
  hasty: false,
  eventful: false,
};

function probability(dice: Dice, mood: number): number {
  const draw = dice.next();
  // A calm world shows what one crash alone does; a wild one what faults do to each other.
  const absent = mood < 0.1 ? 1 : mood < 0.6 ? 0.75 : 0.4;
  if (draw < absent) return 0;
  const rest = dice.next();
  if (rest < 0.5) return 0.02 + 0.1 * dice.next();
  if (rest < 0.93) return 0.3;
  return 1;
}
