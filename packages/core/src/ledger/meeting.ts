/**
 * Where events and the tasks that wait for them find each other. Both name a correlation, such as an order's number, and both come to the
 * one ledger that its hash says (the meeting); either may come first. An *offer* is an event that a hook brought, a *waiter* a task
 * that waits. An event is for one task, the one that has waited longest; while that task is being told, no other event goes to it.
 *
 * ```
 *  offer ──► early ──a task begins to wait──► matched ──the task took it, or refused it──► done
 *     │        ▲                                │ ▲
 *     │        └──the task is gone, no other────┘ │
 *     └────────a task waits already───────────────┘
 * ```
 *
 * Whoever brought the event tells the task, which may live in another ledger, and says here what came of it (`settleOffer`).
 */
import type { DeliveryId, EventOffer, EventWaiter, OfferResult, OfferState } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import type { Json } from '../json.ts';
import { matchSpec } from '../lifecycle/event-tasks.ts';
import type { SqlStorage, SqlValue } from '../ledger-platform.ts';
import type { SystemTasks } from './system-tasks.ts';

/** An event that no task waits for yet is kept this long. */
export const EARLY_EVENT_LIFE_MS = 7 * 86_400_000;

/** Adds a task that begins to wait. If its event has come already, a system task is inserted that brings it. */
export function addWaiter(sql: SqlStorage, { taskId, fence, object }: EventWaiter, correlation: string, commit: SystemTasks): void {
  const known = sql.exec('SELECT fence FROM event_waiters WHERE task_id = ?', taskId).toArray()[0];
  if (known !== undefined && Number(known['fence']) >= fence) return;
  sql.exec(
    'INSERT OR REPLACE INTO event_waiters (task_id, fence, object, correlation, at, offer_id) VALUES (?, ?, ?, ?, ?, NULL)',
    taskId,
    fence,
    object,
    correlation,
    commit.now,
  );
  wakeEarly(sql, { taskId, fence, object }, correlation, commit);
}

/** Removes a task that waits no longer. Whoever is bringing it an event just then learns so from the task itself. */
export function removeWaiter(sql: SqlStorage, taskId: TaskId, fence: number): void {
  sql.exec('DELETE FROM event_waiters WHERE task_id = ? AND fence <= ?', taskId, fence);
}

/** Takes an event and matches it with a task, if one waits. The same event once more changes nothing, and is answered with where it stands. */
export function offerEvent(sql: SqlStorage, { id, hookId, home, correlation, output }: EventOffer, now: number): OfferState {
  if (stateOf(sql, id) === undefined) {
    sql.exec(
      `INSERT INTO event_offers (id, hook_id, home, correlation, at, state) VALUES (?, ?, ?, ?, ?, 'early')`,
      id,
      hookId,
      home,
      correlation,
      now,
    );
    sql.exec('INSERT INTO event_outputs (id, output) VALUES (?, ?)', id, JSON.stringify(output));
  }
  return matched(sql, id, correlation);
}

/** An event and where it stands; `null` where there is none. */
export function readOffer(sql: SqlStorage, id: DeliveryId): { offer: EventOffer; state: OfferState } | null {
  const state = stateOf(sql, id);
  const row = sql
    .exec('SELECT hook_id, home, correlation, output FROM event_offers JOIN event_outputs USING (id) WHERE id = ?', id)
    .toArray()[0];
  if (row === undefined || state === undefined) return null;
  const output = JSON.parse(String(row['output'])) as Json;
  return {
    offer: { id, hookId: String(row['hook_id']), home: String(row['home']), correlation: String(row['correlation']), output },
    state,
  };
}

/**
 * Takes the word of whoever told `waiter` of its event: the task took it, refused it, or is gone. A word about a waiter that is not the
 * one that the event is matched with now is too late and changes nothing.
 */
export function settleOffer(sql: SqlStorage, id: DeliveryId, waiter: EventWaiter, result: OfferResult, commit: SystemTasks): OfferState {
  const state = stateOf(sql, id) ?? { state: 'done' };
  if (state.state !== 'matched' || state.waiter.taskId !== waiter.taskId || state.waiter.fence !== waiter.fence) return state;
  const correlation = String(sql.exec('SELECT correlation FROM event_offers WHERE id = ?', id).toArray()[0]?.['correlation']);
  if (result === 'refused') {
    sql.exec('UPDATE event_waiters SET offer_id = NULL WHERE task_id = ? AND fence = ?', waiter.taskId, waiter.fence);
    setState(sql, id, 'done', null);
    wakeEarly(sql, waiter, correlation, commit);
    return { state: 'done' };
  }
  sql.exec('DELETE FROM event_waiters WHERE task_id = ? AND fence = ?', waiter.taskId, waiter.fence);
  setState(sql, id, result === 'took' ? 'done' : 'early', result === 'took' ? waiter.taskId : null);
  return result === 'took' ? { state: 'done', taskId: waiter.taskId } : matched(sql, id, correlation);
}

/** Matches an early event with the task that has waited longest, if one waits. */
function matched(sql: SqlStorage, id: DeliveryId, correlation: string): OfferState {
  const state = stateOf(sql, id);
  if (state !== undefined && state.state !== 'early') return state;
  const row = sql
    .exec(
      'SELECT task_id, fence, object FROM event_waiters WHERE correlation = ? AND offer_id IS NULL ORDER BY at, task_id LIMIT 1',
      correlation,
    )
    .toArray()[0];
  if (row === undefined) return { state: 'early' };
  const waiter = waiterOf(row);
  match(sql, id, waiter);
  return { state: 'matched', waiter };
}

/** Matches a waiter with the oldest event that came before it, if there is one, and inserts the system task that brings it. */
function wakeEarly(sql: SqlStorage, waiter: EventWaiter, correlation: string, commit: SystemTasks): void {
  const row = sql
    .exec(
      `SELECT id FROM event_offers WHERE correlation = ? AND state = 'early' AND at >= ? ORDER BY at, id LIMIT 1`,
      correlation,
      commit.now - EARLY_EVENT_LIFE_MS,
    )
    .toArray()[0];
  if (row === undefined) return;
  const id = String(row['id']) as DeliveryId;
  match(sql, id, waiter);
  commit.submitSystemTask((taskId) => matchSpec(taskId, commit.namespace, id, commit.now));
}

function match(sql: SqlStorage, id: DeliveryId, { taskId, fence, object }: EventWaiter): void {
  sql.exec(`UPDATE event_offers SET state = 'matched', task_id = ?, fence = ?, object = ? WHERE id = ?`, taskId, fence, object, id);
  sql.exec('UPDATE event_waiters SET offer_id = ? WHERE task_id = ? AND fence = ?', id, taskId, fence);
}

function setState(sql: SqlStorage, id: DeliveryId, state: 'early' | 'done', taskId: TaskId | null): void {
  sql.exec('UPDATE event_offers SET state = ?, task_id = ?, fence = NULL, object = NULL WHERE id = ?', state, taskId, id);
}

function stateOf(sql: SqlStorage, id: DeliveryId): OfferState | undefined {
  const row = sql.exec('SELECT state, task_id, fence, object FROM event_offers WHERE id = ?', id).toArray()[0];
  if (row === undefined) return undefined;
  if (row['state'] === 'matched') return { state: 'matched', waiter: waiterOf(row) };
  if (row['state'] === 'early') return { state: 'early' };
  return row['task_id'] === null ? { state: 'done' } : { state: 'done', taskId: String(row['task_id']) as TaskId };
}

function waiterOf(row: Record<string, SqlValue>): EventWaiter {
  return { taskId: String(row['task_id']) as TaskId, fence: Number(row['fence']), object: String(row['object']) };
}
