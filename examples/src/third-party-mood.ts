/** How the example payment provider misbehaves: decided by the idempotency key alone, so that a test can foretell it. */
import { createHash } from 'node:crypto';

/** What a key's tries meet. Each kind but `pending` and `slow` is over after its first tries. */
export type Mood =
  | { readonly kind: 'good' }
  | { readonly kind: 'broken'; readonly tries: number }
  | { readonly kind: 'answer-lost' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'pending'; readonly webhookAfterMs: number };

/** The mood for a key. Of a hundred keys about 5 break, 3 lose an answer, 6 meet a 429, 4 are slow and 10 end by webhook. */
export function moodOf(key: string): Mood {
  const digest = createHash('sha256').update(key).digest();
  const dice = digest.readUInt32BE(0) % 100;
  const amount = digest.readUInt32BE(4);
  if (dice < 5) return { kind: 'broken', tries: 1 + (amount % 2) };
  if (dice < 8) return { kind: 'answer-lost' };
  if (dice < 14) return { kind: 'busy' };
  if (dice < 18) return { kind: 'slow', delayMs: 300 + (amount % 1_700) };
  if (dice < 28) return { kind: 'pending', webhookAfterMs: 300 + (amount % 1_200) };
  return { kind: 'good' };
}
