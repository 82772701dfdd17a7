/**
 * Task ids. An id is time-ordered and carries the address of the object that keeps the task, so it is found
 * without a look-up: 10 characters of time, 1 of place, 2 of object, 13 of randomness, in Crockford's base 32.
 */
import type { Brand } from './brand.ts';

/** The id of a task: `task_` and 26 characters. */
export type TaskId = Brand<string, 'TaskId'>;

/** Which object of a namespace keeps a task. */
export interface Address {
  /** Where in the world: 0 for the namespace's first place, at most 31. */
  readonly place: number;
  /** A ledger, or an inbox (a ledger with the tables of manual work beside it). */
  readonly object: 'ledger' | 'inbox';
  /** Number of the shard at that place, 0 to 511. */
  readonly shard: number;
}

/** What an id says of its task. */
export interface ParsedTaskId extends Address {
  /** When it was minted, epoch ms. */
  readonly createdAt: number;
}

/** Random bytes that {@link mintTaskId} takes. */
export const TASK_ID_RANDOM_BYTES = 13;
/** Shards an id has room for, at each place. */
export const MAX_SHARDS = 512;

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const PATTERN = /^task_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * Mints the id of a task that is kept at `address`. `now` is epoch ms; `random` holds {@link TASK_ID_RANDOM_BYTES} bytes, and the
 * low five bits of each become a character.
 */
export function mintTaskId(now: number, address: Address, random: Uint8Array): TaskId {
  const object = address.shard + (address.object === 'inbox' ? MAX_SHARDS : 0);
  let id = `task_${base32(now, 10)}${base32(address.place, 1)}${base32(object, 2)}`;
  for (let i = 0; i < TASK_ID_RANDOM_BYTES; i++) id += DIGITS.charAt((random[i] ?? 0) & 31);
  return id as TaskId;
}

/** Reads an id. Returns `undefined` for a text that cannot be one; one that can may still name a task that never was. */
export function parseTaskId(text: string): ParsedTaskId | undefined {
  if (!PATTERN.test(text)) return undefined;
  const object = fromBase32(text.slice(16, 18));
  return {
    createdAt: fromBase32(text.slice(5, 15)),
    place: fromBase32(text.slice(15, 16)),
    object: object >= MAX_SHARDS ? 'inbox' : 'ledger',
    shard: object % MAX_SHARDS,
  };
}

/** The smallest id that could be minted at `now`, epoch ms: lists by time begin or end there. */
export function firstTaskIdAt(now: number): TaskId {
  return `task_${base32(Math.max(0, now), 10)}${'0'.repeat(16)}` as TaskId;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = DIGITS.charAt(rest % 32) + text;
  return text;
}

function fromBase32(text: string): number {
  let value = 0;
  for (const digit of text) value = value * 32 + DIGITS.indexOf(digit);
  return value;
}
