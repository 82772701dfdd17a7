/** Ids of hooks and of their deliveries. */
import type { DeliveryId } from '@errand/core/hook-delivery';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_DIGITS = 16;
const TIME_DIGITS = 10;

/** A new delivery's id: time-ordered, like a task's. */
export function mintDeliveryId(now: number, randomBytes: (count: number) => Uint8Array): DeliveryId {
  let time = '';
  for (let rest = now; time.length < TIME_DIGITS; rest = Math.floor(rest / 32)) time = DIGITS.charAt(rest % 32) + time;
  return `delivery_${time}${random(randomBytes, RANDOM_DIGITS)}` as DeliveryId;
}

/** A new hook's id: nobody guesses it, though it is no secret. */
export function mintHookId(randomBytes: (count: number) => Uint8Array): string {
  return `hook_${random(randomBytes, 26)}`;
}

/** Says whether a text can be the id of a hook; others are not looked up. */
export function isHookId(text: string): boolean {
  return /^hook_[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}

function random(randomBytes: (count: number) => Uint8Array, length: number): string {
  return Array.from(randomBytes(length), (byte) => DIGITS.charAt(byte & 31)).join('');
}
