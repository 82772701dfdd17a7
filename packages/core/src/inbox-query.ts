/** What is asked of an inbox's list of manual tasks, and the page that it answers. */
import type { Person } from './actor.ts';
import type { Task } from './task.ts';

/** What is asked of an inbox's list. */
export interface InboxQuery {
  readonly view: InboxView;
  /** Whose inbox it is. Without one, `mine` and `groups` are empty. */
  readonly person?: Person;
  /** Whether `all` is everybody's tasks. */
  readonly admin: boolean;
  /** `due`: the earliest due date first, tasks without one last, oldest first. `newest`: by creation. */
  readonly sort: 'due' | 'newest';
  readonly type?: string;
  /** Of the type; every one where it is left out. */
  readonly version?: number;
  /** Only what nobody holds. */
  readonly unclaimed?: boolean;
  /** Only what is past its due date. */
  readonly overdue?: boolean;
  /** Only what has this text in its type, a tag or its input; ASCII letters match in either case. Inputs over 4 KiB are not searched. */
  readonly text?: string;
  /** Where the page begins: `next` of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Which part of an inbox: `mine` is what the person holds, `groups` what they may claim, `all` both, and everything for an
 * administrator.
 */
export type InboxView = 'mine' | 'groups' | 'all';

/** How many tasks are in a view, whatever the filters, up to {@link MAX_COUNTED}. */
export interface InboxCount {
  readonly open: number;
  readonly unclaimed: number;
  readonly overdue: number;
}

/** Counting stops here, so that a large inbox is read as fast as a small one. */
export const MAX_COUNTED = 10_000;

/** A page of the list, and how much each view holds in all. */
export interface InboxPage {
  readonly items: readonly Task[];
  readonly next: string | null;
  readonly counts: Readonly<Record<InboxView, InboxCount>>;
}
