/**
 * The core says no, as data. `api/problem.ts` maps each code to an HTTP status, in one place;
 * the domain itself knows nothing of HTTP.
 */
import type { Person } from './actor.ts';
import type { Json } from './json.ts';

export type RejectionCode =
  | 'not_found'
  | 'wrong_state'
  | 'revision_mismatch'
  | 'idempotency_conflict'
  | 'already_claimed'
  | 'not_holder'
  | 'not_candidate'
  | 'lease_lost'
  | 'cancel_requested'
  | 'token_used'
  | 'overloaded'
  | 'storage_full'
  /** The book did not take it. Others of the same call are not touched by that. */
  | 'not_written';

export interface Rejection {
  readonly code: RejectionCode;
  /** A sentence for people that says what to do. */
  readonly detail: string;
  /** Members a problem adds: `holder`, `since`, `status`. */
  readonly extra?: { readonly [member: string]: Json | Person };
}

/** Builds a rejection. */
export function reject(code: RejectionCode, detail: string, extra?: Rejection['extra']): Rejection {
  return extra === undefined ? { code, detail } : { code, detail, extra };
}
