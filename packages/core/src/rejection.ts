/**
 * Rejections: how the core refuses a command, as plain data. The core knows nothing of HTTP; the edge worker's
 * `api/problem.ts` gives each code its status.
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
  | 'overloaded'
  /** The ledger takes no new task, for its database is nearly full. It goes on with those it has. */
  | 'storage_full'
  /** The database refused this command's rows. Other commands of the same commit are not touched by that. */
  | 'not_written';

export interface Rejection {
  readonly code: RejectionCode;
  /** A sentence for people that says what is wrong and, where there is a way, what to do. */
  readonly detail: string;
  /** Members that the API adds to its answer: `holder`, `since`, `status`. */
  readonly extra?: { readonly [member: string]: Json | Person };
}

/** Builds a rejection. */
export function reject(code: RejectionCode, detail: string, extra?: Rejection['extra']): Rejection {
  return extra === undefined ? { code, detail } : { code, detail, extra };
}
