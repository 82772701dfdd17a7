/** What one commit changes for the tables of events: tasks that begin or cease to wait, deliveries that could not be processed. */
import type { DeliveryId, Post } from '../hook-delivery.ts';
import { HOOK_TYPE } from '../lifecycle/event-tasks.ts';
import type { SqlStorage } from '../ledger-platform.ts';
import { isEnded, type Task, type Wait } from '../task.ts';
import { settle } from './hook-receipts.ts';
import { addWaiter, removeWaiter } from './meeting.ts';
import type { SystemTasks } from './system-tasks.ts';
import { writePost } from './posts.ts';

type EventWait = Wait & { readonly correlation: string; readonly meeting: string };

export class WaitChanges {
  readonly #sql: SqlStorage;
  readonly #object: string;
  readonly #posts: { readonly to: string; readonly post: Post }[] = [];
  readonly #failed: Task[] = [];

  constructor(sql: SqlStorage, object: string) {
    this.#sql = sql;
    this.#object = object;
  }

  /** Takes note of a task's change. */
  note(before: Task | undefined, after: Task): void {
    if (after.system && after.type === HOOK_TYPE && isEnded(after) && after.status !== 'completed') this.#failed.push(after);
    const [was, is] = [eventWait(before), eventWait(after)];
    if (was?.fence === is?.fence) return;
    const { id: taskId } = after;
    if (was !== undefined) this.#posts.push({ to: was.meeting, post: { type: 'waiter.remove', taskId, fence: was.fence } });
    if (is !== undefined) {
      const { fence, correlation } = is;
      this.#posts.push({ to: is.meeting, post: { type: 'waiter.add', taskId, fence, object: this.#object, correlation } });
    }
  }

  /** Writes it: here where this object is the meeting, as posts where another is. Says whether there are posts to send. */
  write(commit: SystemTasks): boolean {
    for (const { input, error } of this.#failed.map(failedDelivery)) settle(this.#sql, input.deliveryId, { outcome: 'failed', error });
    for (const { to, post } of this.#posts) {
      if (to === this.#object) applyPost(this.#sql, post, commit);
      else writePost(this.#sql, to, post);
    }
    return this.#posts.some(({ to }) => to !== this.#object);
  }
}

/** Does what a post says. */
export function applyPost(sql: SqlStorage, post: Post, commit: SystemTasks): void {
  switch (post.type) {
    case 'waiter.add':
      return addWaiter(sql, post, post.correlation, commit);
    case 'waiter.remove':
      return removeWaiter(sql, post.taskId, post.fence);
  }
}

function eventWait(task: Task | undefined): EventWait | undefined {
  if (task === undefined || (task.status !== 'waiting' && task.status !== 'paused')) return undefined;
  const { wait } = task;
  return wait?.for === 'event' && wait.correlation !== undefined && wait.meeting !== undefined ? (wait as EventWait) : undefined;
}

function failedDelivery(task: Task) {
  const message = 'The delivery could not be processed.';
  return { input: task.input as { readonly deliveryId: DeliveryId }, error: task.error ?? { code: 'internal', message, retryable: false } };
}
