/** Plants in what comes from outside: submits and their keys, people, events. */
import { plant, type Plant } from './plant.ts';

export const DOOR_PLANTS: readonly Plant[] = [
  // Submits and keys.
  plant(
    'key-ignored',
    'a repeated key makes a second task',
    'ledger/commit',
    'if (known !== undefined && known.taskId !== taskId) {',
    'if (known !== undefined && known.taskId === taskId) {',
  ),
  plant(
    'other-body-accepted',
    'a key with another body is answered with the first task',
    'ledger/commit',
    'if (known.digest !== idempotency.digest) return',
    'if (known.digest === taskId) return',
  ),
  plant(
    'key-not-kept',
    'a key is forgotten at once',
    'ledger/idempotency',
    "sql.exec('INSERT OR REPLACE INTO idempotency (key, task_id, digest, at) VALUES (?, ?, ?, ?)', key, taskId, digest, now);",
    'void [sql, key, taskId, digest, now];',
  ),
  plant(
    'swept-at-once',
    'a repeated submit does the work again',
    'ledger/retention',
    'const REPEATED_WITHIN_MS = 3_600_000;',
    'const REPEATED_WITHIN_MS = 0;',
  ),
  plant(
    'retention-ignored',
    'retention deletes what is to be kept',
    'ledger/retention',
    "+ json_extract(spec, '$.retentionMs') <= ?",
    '<= ?',
  ),
  plant('never-sweeps', 'nothing is ever deleted', 'ledger/sweeps', 'if (now < this.#dueAt) return false;', 'if (now > 0) return false;'),
  plant(
    'no-callback',
    'who asked to be called is never told',
    'ledger/commit',
    'if (ended && task.callbackUrl !== undefined && !task.system) this.submitOwn(',
    "if (ended && task.callbackUrl !== undefined && task.status !== 'canceled' && !task.system) this.submitOwn(",
  ),

  // Manual work.
  plant(
    'claim-steals',
    'the second claim wins',
    'lifecycle/decide-manual',
    "if (holder === undefined) return [{ type: 'task.claimed', person }];",
    "return [{ type: 'task.claimed', person }];",
  ),
  plant(
    'anybody-claims',
    'who is no candidate holds the task',
    'lifecycle/decide-manual',
    'if (!isCandidate(task, person))',
    'if (isEnded(task))',
  ),
  plant(
    'anybody-completes',
    'a task is completed by who does not hold it',
    'lifecycle/decide-manual',
    "return held(task, command.person) ?? [{ type: 'task.completed', output: command.output }];",
    "return [{ type: 'task.completed', output: command.output }];",
  ),
  plant(
    'anybody-releases',
    'a task is taken out of its holder’s hands',
    'lifecycle/decide-manual',
    "(held(task, command.person) ?? [{ type: 'task.released' }]);",
    "[{ type: 'task.released' }];",
  ),

  // Events, posts and the inbox.
  plant(
    'post-applied-twice',
    'a task that has ended waits again',
    'ledger/posts',
    'posts.filter(({ sequence }) => sequence > seen)',
    'posts.filter(({ sequence }) => sequence > 0 * seen)',
  ),
  plant('post-not-durable', 'a post is taken for one that was lost', 'ledger/posts', 'await durable();', 'void durable;'),
  plant(
    'post-sent-once',
    'a lost post stays lost',
    'ledger/posts',
    'await post(destination, this.#sender, batch);',
    'await post(destination, this.#sender, batch).catch(() => {});',
  ),
  plant(
    'waiter-left-behind',
    'a task that waits no longer is offered events',
    'ledger/wait-changes',
    'if (was !== undefined) this.#posts.push(',
    'if (was !== undefined && is !== undefined) this.#posts.push(',
  ),
  plant(
    'early-event-forgotten',
    'an event that came too early is never brought',
    'ledger/meeting',
    'wakeEarly(sql, { taskId, fence, object }, correlation, own);',
    '',
  ),
  plant(
    'event-taken-for-gone',
    'one event finishes two tasks',
    'apps/edge-worker/src/webhooks/bring-event',
    "return taken ? 'took' : 'gone';",
    "return taken ? 'gone' : 'gone';",
  ),
  plant(
    'delivery-by-body-alone',
    'a repeated event that was written anew is taken for another',
    'ledger/hook-receipts',
    'eventId === null\n      ? undefined',
    'eventId !== null\n      ? undefined',
  ),
  plant(
    'delivery-accepted-twice',
    'a repeated delivery has its effect again',
    'ledger/hook-receipts',
    'if (first !== undefined) {',
    "if (first !== undefined && id.endsWith('0')) {",
  ),
  plant(
    'reservation-forgotten',
    'a key of manual work makes two tasks',
    'ledger/idempotency',
    'keepKey(sql, key, taskId, digest, at);\n        return { ok: true, taskId };',
    'return { ok: true, taskId };',
  ),
  plant(
    'inbox-without-holder',
    'the inbox offers what somebody holds',
    'packages/executors/src/manual/inbox-tables',
    "else if (known['holder'] !== holder)",
    "else if (known['holder'] !== holder && holder === null)",
  ),
  plant(
    'inbox-keeps-the-ended',
    'the inbox offers what has ended',
    'packages/executors/src/manual/inbox-tables',
    'if (known !== undefined) remove(sql, task);',
    "if (known !== undefined && task.status !== 'canceled') remove(sql, task);",
  ),
  plant('options-not-stored', 'changed options are forgotten', 'ledger/commit', 'updateOptions(sql, entry.stored, this.#commons);', ''),
];
