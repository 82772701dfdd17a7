/** What must hold once everything has come to rest, and what must hold while it does. */
import { isDeepStrictEqual } from 'node:util';
import type { TaskEvent } from '@errand/core/event';
import type { TaskId } from '@errand/core/id';
import { isJsonObject } from '@errand/core/json';
import { loadTask } from '@errand/core/ledger/rows';
import { CALLBACK_TYPE } from '@errand/core/lifecycle/callback';
import { foldAttempts } from '@errand/core/ledger/fold-attempts';
import type { Task } from '@errand/core/task';
import type { ObjectHost } from '../world/object-host.ts';
import type { Checker, Known } from './checker.ts';
import type { Evidence } from './evidence.ts';
import { violate } from './violation.ts';

/** Without faults no timer is later than this: the cron's minute twice, and a little. */
const LATEST_MS = 130_000;
/** Without faults nothing waits for a place in its lane longer than this: longer than any backoff of a dispatch. */
const LONGEST_READY_MS = 1_200_000;

/** Without faults a task and its event find each other within this. */
const LONGEST_MEETING_MS = 1_200_000;

/** Checks, in a world without faults since `calmSinceMs`, that no timer was lost and nothing is forgotten in a lane. */
export function checkPunctual(checker: Checker, calmSinceMs: number): void {
  for (const known of checker.known.values()) {
    const { model, host, row } = known;
    if (model.ended) continue;
    const wakeAt = row['wake_at'];
    const lateMs = typeof wakeAt === 'number' ? Math.min(host.now() - wakeAt, calmSinceMs) : 0;
    if (lateMs > LATEST_MS) violate('11', `${model.spec.id} is ${model.status}, and its timer passed ${lateMs} ms ago`);
    if (row['ready'] === 1 && model.spec.route.executor !== 'worker' && calmSinceMs > LONGEST_READY_MS)
      violate('6', `${model.spec.id} is ready, and its lane is never given it`);
  }
}

/**
 * Checks, in a world without faults, that tasks and the events they wait for find each other: a task that has waited for a
 * while is known at its meeting, and no event lies there unmatched.
 */
export function checkMeetings(checker: Checker, hosts: ReadonlyMap<string, ObjectHost>, calmSinceMs: number): void {
  for (const { model, host } of checker.known.values()) {
    const { wait, spec } = model;
    if (model.status !== 'waiting' || wait?.correlation === undefined || wait.meeting === undefined) continue;
    const waitingMs = Math.min(host.now() - (model.history.at(-1)?.at ?? 0), calmSinceMs);
    const meeting = hosts.get(wait.meeting);
    if (waitingMs < LONGEST_MEETING_MS || meeting === undefined || !meeting.book.hasTables()) continue;
    const waiter = meeting.book.exec('SELECT fence, offer_id FROM event_waiters WHERE task_id = ?', spec.id).toArray()[0];
    if (waiter?.['fence'] !== wait.fence) violate('9', `${spec.id} waits for ${wait.correlation}, and its meeting does not know`);
    const early = meeting.book.exec(`SELECT id FROM event_offers WHERE correlation = ? AND state = 'early'`, wait.correlation).toArray();
    if (waiter['offer_id'] === null && early.length > 0)
      violate('9', `${spec.id} waits for ${wait.correlation}, and ${early.length} events lie there`);
  }
}

/** Whether an event lies at a meeting for which nobody waited when it came. */
export function hasEarlyEvent(meeting: ObjectHost, correlation: string): boolean {
  if (!meeting.book.hasTables()) return false;
  return meeting.book.exec(`SELECT 1 AS one FROM event_offers WHERE correlation = ? AND state = 'early'`, correlation).toArray().length > 0;
}

/** Whether every post has arrived. */
export function postsAreSent(hosts: readonly ObjectHost[]): boolean {
  return hosts.every(({ book }) => !book.hasTables() || book.exec('SELECT 1 AS one FROM posts LIMIT 1').toArray().length === 0);
}

/** Checks a world at rest. */
export function checkAtRest(checker: Checker, evidence: Evidence, hosts: readonly ObjectHost[]): void {
  for (const known of checker.known.values()) checkTask(known, evidence);
  checkEffects(checker);
  for (const host of hosts) {
    if (!host.book.hasTables()) continue;
    checkTally(host);
    checkCallbacks(host, checker);
    checkEvents(host);
  }
}

/** Checks that what outlived its retention is gone, and so are the keys older than their life. */
export function checkSwept(checker: Checker, hosts: readonly ObjectHost[], keyLifeMs: number, slackMs: number): void {
  for (const { model, host } of checker.known.values()) {
    const goesAt = Math.max((model.endedAt ?? 0) + model.spec.retentionMs, model.spec.createdAt + keyLifeMs) + slackMs;
    if (model.ended && goesAt < host.now()) violate('3', `${model.spec.id} outlives its retention by ${host.now() - goesAt} ms`);
  }
  for (const host of hosts) {
    if (!host.book.hasTables()) continue;
    const [keys] = host.book.exec('SELECT COUNT(*) AS n FROM idempotency WHERE at < ?', host.now() - keyLifeMs - slackMs).toArray();
    if (Number(keys?.['n'] ?? 0) > 0) violate('8', `${keys?.['n']} keys outlive their life in ${host.name}`);
  }
}

function checkTask({ host, model }: Known, evidence: Evidence): void {
  const { id, kind } = model.spec;
  if (!model.ended) violate('3', `${id} is ${model.status} for ever`);
  const rows = host.book.exec('SELECT sequence, events FROM events WHERE task_id = ? ORDER BY sequence', id).toArray();
  const events = rows.flatMap((row) => JSON.parse(String(row['events'])) as TaskEvent[]);
  if (events.some((event, i) => event.sequence !== i + 1)) violate('15', `the events of ${id} have a gap`);
  if (events.length !== model.sequence) violate('15', `${id} has ${events.length} events, and ${model.sequence} were seen`);
  const attempts = foldAttempts(events, new Map());
  const open = attempts.find((attempt) => attempt.endedAt === undefined);
  if (open !== undefined) violate('15', `${id} is ${model.status}, and its attempt ${open.generation}.${open.number} has no end`);
  if (model.status === 'completed' && kind !== 'manual' && !evidence.actedFor(id))
    violate('5', `${id} is completed, and nobody has performed it`);
}

/** Nobody waits, and every delivery has come to something. */
function checkEvents({ name, book }: ObjectHost): void {
  const waiters = book.exec('SELECT task_id, fence FROM event_waiters').toArray();
  if (waiters.length > 0) violate('9', `${name} takes ${JSON.stringify(waiters[0])} for one that waits, and everything has ended`);
  const open = book
    .exec(`SELECT id FROM hook_receipts WHERE outcome = 'processing' UNION ALL SELECT id FROM event_offers WHERE state = 'matched'`)
    .toArray();
  if (open.length > 0) violate('9', `${name} has not come to an end with ${JSON.stringify(open[0])}`);
}

/** Each event has finished one task at most. */
function checkEffects(checker: Checker): void {
  const took = new Map<string, TaskId>();
  for (const { model, host } of checker.known.values()) {
    if (model.status !== 'completed' || model.spec.kind !== 'integration') continue;
    const task = loadTask(host.book, model.spec.id)?.task;
    const nonce = task !== undefined && 'output' in task && isJsonObject(task.output) ? String(task.output['nonce']) : '';
    const first = took.get(nonce);
    if (first !== undefined) violate('9', `one result has finished ${first} and ${model.spec.id}`);
    if (nonce !== '') took.set(nonce, model.spec.id);
  }
  for (const host of new Set([...checker.known.values()].map((known) => known.host))) checkOffered(host, took);
}

/** What has finished a task is offered to nobody any more. */
function checkOffered({ name, book }: ObjectHost, took: ReadonlyMap<string, TaskId>): void {
  for (const { output } of book.exec(`SELECT output FROM event_offers JOIN event_outputs USING (id) WHERE state = 'early'`).toArray()) {
    const { nonce } = JSON.parse(String(output)) as { readonly nonce: string };
    const task = took.get(nonce);
    if (task !== undefined) violate('9', `${name} still offers the event that has finished ${task}`);
  }
}

/** The counts kept by the way agree with the rows. */
function checkTally(host: ObjectHost): void {
  const counted = `SELECT type, kind, status, system, COUNT(*) AS n FROM tasks GROUP BY type, kind, status, system ORDER BY 1, 2, 3, 4`;
  const kept = `SELECT type, kind, status, system, n FROM tally WHERE n <> 0 ORDER BY 1, 2, 3, 4`;
  const [rows, tally] = [counted, kept].map((query) => host.book.exec(query).toArray());
  if (!isDeepStrictEqual(rows, tally)) violate('15', `the tally says ${JSON.stringify(tally)}, the rows ${JSON.stringify(rows)}`);
}

/** Each ending of a task with a callback has given birth to one delivery. */
function checkCallbacks(host: ObjectHost, checker: Checker): void {
  const deliveries = new Map<TaskId, number>();
  for (const { model } of checker.known.values()) {
    if (model.spec.type !== CALLBACK_TYPE) continue;
    const { taskId } = model.spec.input as { readonly taskId: Task['id'] };
    deliveries.set(taskId, (deliveries.get(taskId) ?? 0) + 1);
  }
  for (const { model, host: home } of checker.known.values()) {
    if (home !== host || model.spec.callbackUrl === undefined) continue;
    const born = deliveries.get(model.spec.id) ?? 0;
    if (born !== model.endings.length)
      violate('3', `${model.spec.id} ended ${model.endings.length} times, and ${born} callbacks were born`);
  }
}
