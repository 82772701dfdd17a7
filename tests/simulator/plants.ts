/**
 * Bugs planted on purpose, to prove that the checker can fail. Each is one replacement in one source file, made while the file
 * is loaded; the sources themselves know nothing of it. A test finds every one within 10,000 schedules of fixed seeds.
 */
import type { Edit } from './source-variant.ts';

export interface Plant {
  readonly name: string;
  /** What goes wrong for whoever relies on the promise. */
  readonly harm: string;
  readonly edit: Edit;
}

const CORE = 'packages/core/src';

/** Shortens the list below: a plant in a file of the core. */
function plant(name: string, harm: string, file: string, find: string, replace: string): Plant {
  return { name, harm, edit: { file: `${CORE}/${file}.ts`, find, replace } };
}

export const PLANTS: readonly Plant[] = [
  // Fences: results of stale attempts.
  plant(
    'no-fence',
    'any attempt may report',
    'lifecycle/decide-attempt',
    "task.status === 'running' && task.lease.fence === fence",
    "task.status === 'running'",
  ),
  plant(
    'no-fence-while-waiting',
    'any token finishes a wait',
    'lifecycle/decide-attempt',
    '&& task.wait?.fence === fence',
    '&& task.wait !== undefined',
  ),
  plant(
    'fence-reused',
    'attempts of two generations share a fence',
    'lifecycle/decide-attempt',
    'fence: task.fence + 1',
    'fence: task.attempt + 1',
  ),
  plant(
    'begin-twice',
    'a doubled message begins what runs',
    'lifecycle/decide-attempt',
    "if (task.status !== 'queued') return reject('wrong_state', `The task is ${task.status}",
    "if (task.status !== 'queued' && task.status !== 'running') return reject('wrong_state', `The task is ${task.status}",
  ),
  plant('no-evidence', 'a late result is dropped', 'ledger/commit', 'this.#keepEvidence(entry, task, command);', ';'),
  plant(
    'evidence-without-number',
    'a late result takes the number of another event',
    'ledger/commit',
    'sequence: task.sequence + 1,',
    'sequence: task.sequence,',
  ),

  // Durability and crashes.
  plant(
    'answer-before-durable',
    'an acknowledged change is lost with the power',
    'ledger/ledger',
    'await this.#platform.durable();\n    try {',
    'void this.#platform.durable();\n    try {',
  ),
  plant(
    'no-transaction',
    'a crash leaves half a commit',
    'ledger/ledger',
    'const result = platform.transaction(() => {',
    'const result = ((work: () => T): T => work())(() => {',
  ),
  plant(
    'applied-twice',
    'what a failing disk may have kept is applied again',
    'ledger/ledger',
    'for (const pending of group) pending.reject(fault);\n      return;',
    'for (const pending of group) await this.#commitGroup([pending]);\n      return;',
  ),
  plant(
    'neighbours-pay',
    'one command’s error is everybody’s',
    'ledger/ledger',
    'for (const pending of group) await this.#commitGroup([pending]);',
    'for (const pending of group) pending.reject(fault);',
  ),
  plant(
    'cache-of-a-rollback',
    'what was rolled back is remembered as stored',
    'ledger/commit',
    'insertEvents(sql, id, entry.events);',
    'insertEvents(sql, id, entry.events); if (entry.before !== undefined) this.#recent.set(entry.stored);',
  ),

  // The alarm and its timers.
  plant(
    'throwing-alarm',
    'the platform gives up an alarm that throws',
    'ledger/ledger',
    "console.error('ledger tick failed', fault);",
    'throw fault;',
  ),
  plant(
    'alarm-never-earlier',
    'a timer before the armed one is late',
    'ledger/ledger',
    'if (!(at < this.#armedAt)) return;',
    'if (this.#armedAt !== Number.POSITIVE_INFINITY) return;',
  ),
  plant(
    'no-healing',
    'a lost alarm stays lost when the object is opened again',
    'ledger/ledger',
    'this.#arm(this.#bornAt);\n    this.#rearm();',
    'this.#arm(this.#bornAt);',
  ),
  plant('no-rearm', 'after one alarm there is no other', 'ledger/ledger', 'this.#sweep();\n      this.#rearm();', 'this.#sweep();'),
  plant(
    'touch-does-nothing',
    'a dropped alarm stays dropped while the object lives',
    'ledger/ledger',
    'if (this.#armedAt <= now) this.#armedAt = Number.POSITIVE_INFINITY;',
    '',
  ),
  plant(
    'spinning-alarm',
    'a moved timer wakes the ledger without end',
    'ledger/due',
    'else commit.postpone(id, wakeAtOf(task, leaseUntil));',
    '',
  ),
  plant(
    'early-timer',
    'timers fire a moment too soon',
    'lifecycle/decide-tick',
    'due.at > now) return [];',
    'due.at > now + 1_000) return [];',
  ),
  plant(
    'latest-timer-first',
    'the latest of several timers is armed',
    'lifecycle/wake',
    'sort((a, b) => a.at - b.at)',
    'sort((a, b) => b.at - a.at)',
  ),
  plant(
    'no-schedule-to-close',
    'a task outlives its time',
    'lifecycle/wake',
    'if (timeouts.scheduleToCloseMs !== undefined)',
    'if (timeouts.scheduleToCloseMs !== undefined && task.attempt > 99)',
  ),
  plant(
    'no-start-to-close',
    'an attempt that is kept alive never ends',
    'lifecycle/wake',
    "deadlines.push({ at: task.lease.startedAt + task.timeouts.startToCloseMs, code: 'timeout.start_to_close' });",
    ';',
  ),
  plant(
    'endless-wait',
    'a callback that never comes is waited for for ever',
    'lifecycle/decide-attempt',
    '{ until: now + Math.max(startToCloseMs, WAIT_FLOOR_MS) }',
    '{}',
  ),
  plant(
    'wake-not-kept',
    'a begun attempt is looked at too late',
    'ledger/dispatch',
    'before.wakeAt <= wakeAt ? before.wakeAt : wakeAt',
    'before.wakeAt <= wakeAt ? wakeAt + 1 : wakeAt',
  ),

  // Leases.
  plant(
    'no-renewal',
    'a lease that was renewed runs out all the same',
    'ledger/ledger',
    'this.#renewed.set(command.taskId, { fence, until: commit.now + leaseMs });',
    ';',
  ),
  plant(
    'no-restart-grace',
    'attempts are lost because the ledger restarted',
    'ledger/ledger',
    'Math.max(until, this.#bornAt + RESTART_GRACE_MS)',
    'until',
  ),
  plant(
    'renewal-wiped',
    'a commit told late wipes a renewal',
    'ledger/ledger',
    'for (const task of changed) this.#waiters.wake(`task:${task.id}`);',
    "for (const task of changed) { this.#waiters.wake(`task:${task.id}`); if (task.status !== 'running') this.#renewed.delete(task.id); }",
  ),
  plant(
    'shared-losses-without-end',
    'a loss with others never uses an attempt',
    'lifecycle/decide-tick',
    'command.sharedLoss === true && task.sharedLosses === 0',
    'command.sharedLoss === true',
  ),

  // Dispatch.
  plant(
    'no-resend',
    'a lost message is a lost task',
    'ledger/due',
    "if (task.status === 'queued' && stored.inFlight) commit.redispatch(id);",
    "if (task.status === 'queued' && stored.inFlight) commit.postpone(id, null);",
  ),
  plant(
    'window-leaks',
    'what ended keeps its place in the lane',
    'ledger/dispatch',
    "if (before?.inFlight === true && task.status !== 'running') this.#leave(lane);",
    "if (before?.inFlight === true && task.status === 'queued') this.#leave(lane);",
  ),
  plant(
    'worker-tasks-handed-over',
    'after a restart the service performs tasks of remote workers',
    'ledger/dispatch',
    "?.['executor'] !== 'worker'",
    "?.['executor'] !== 'none'",
  ),
  plant(
    'backlog-forgotten',
    'after a restart what was ready waits for ever',
    'ledger/ledger',
    'for (const lane of readyLanes(sql)) this.#backlog.add(lane);',
    '',
  ),
  plant(
    'drained-too-soon',
    'a lane with a full window is taken for an empty one',
    'ledger/commit',
    'if (candidates.length <= free) this.dispatch.drained(lane);',
    'this.dispatch.drained(lane);',
  ),

  // Retries and endings.
  plant(
    'retry-after-cancel',
    'a canceled attempt that fails is tried again',
    'lifecycle/decide-attempt',
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined) return [{ type: 'task.canceled', forced: false }];",
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined && outcome.kind !== 'failed') return [{ type: 'task.canceled', forced: false }];",
  ),
  plant(
    'completed-after-cancel',
    'a cancel was promised, and the result was taken',
    'lifecycle/decide-attempt',
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined) return [{ type: 'task.canceled', forced: false }];",
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined && outcome.kind !== 'completed') return [{ type: 'task.canceled', forced: false }];",
  ),
  plant(
    'timeout-after-cancel',
    'a cancel was promised, and the task timed out',
    'lifecycle/wake',
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined)\n    return [",
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined && task.timeouts.scheduleToCloseMs === undefined)\n    return [",
  ),
  plant(
    'cancel-ends-the-ended',
    'a canceled task had been completed',
    'lifecycle/decide',
    "return task.status === 'canceled' ? [] : wrongState(task, 'cancel');",
    "return task.status === 'canceled' ? [] : [{ type: 'task.canceled', forced: false }];",
  ),
  plant(
    'cancel-over-the-head',
    'an executor works on what is already canceled',
    'lifecycle/decide',
    "if (task.status !== 'running') return [{ type: 'task.canceled', forced: false }];",
    "if (task.status !== 'scheduled') return [{ type: 'task.canceled', forced: false }];",
  ),
  plant(
    'one-attempt-more',
    'a task is tried more often than it may be',
    'lifecycle/retry',
    'if (failed.attempt >= policy.maxAttempts) return undefined;',
    'if (failed.attempt > policy.maxAttempts) return undefined;',
  ),
  plant(
    'attempts-not-counted',
    'a failing task is tried for ever',
    'lifecycle/evolve',
    'attempt: task.attempt + 1,',
    'attempt: task.attempt,',
  ),
  plant(
    'retry-of-the-hopeless',
    'an error that no attempt can mend is tried again',
    'lifecycle/retry',
    '!failed.error.retryable || policy',
    'policy',
  ),
  plant(
    'pause-forgotten',
    'a promised pause never comes',
    'lifecycle/decide-attempt',
    "|| (task.status === 'running' && task.pauseRequested === true)",
    '',
  ),
  plant(
    'resume-forgets-the-wait',
    'nobody can finish what was paused while it waited',
    'lifecycle/evolve',
    "resumeTo: 'waiting',\n        ...(task.manual === undefined ? {} : { manual: task.manual }),\n        ...(task.wait === undefined ? {} : { wait: task.wait }),",
    "resumeTo: 'waiting',\n        ...(task.manual === undefined ? {} : { manual: task.manual }),",
  ),
  plant(
    'starts-after-its-time',
    'what has expired starts',
    'lifecycle/decide-attempt',
    '(wakeAtOf(task) ?? Number.POSITIVE_INFINITY) <= now',
    'now < 0',
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
    'sweeps-the-open',
    'retention deletes what has not ended',
    'ledger/retention',
    'AND status IN (${TERMINAL})',
    "AND status <> 'running'",
  ),
  plant('never-sweeps', 'nothing is ever deleted', 'ledger/ledger', 'if (now < this.#sweepAt) return;', 'if (now > 0) return;'),
  plant(
    'no-callback',
    'who asked to be called is never told',
    'ledger/commit',
    'if (ended && task.callbackUrl !== undefined && !task.system) {',
    "if (ended && task.callbackUrl !== undefined && task.status !== 'canceled' && !task.system) {",
  ),

  // The record.
  plant('event-lost', 'history has a gap', 'ledger/commit', 'entry.events.push(...events);', 'entry.events = [...events];'),
  plant('tally-drifts', 'counts differ from what they count', 'ledger/commit', 'if (before !== undefined) add(before.task, -1);', ''),
  plant(
    'row-beside-its-events',
    'the row says what no event said',
    'lifecycle/evolve',
    "return { ...base, status: 'retrying', error: change.error, retryAt: change.retryAt };",
    "return { ...base, status: 'retrying', error: change.error, retryAt: change.retryAt, updatedAt: Date.now() };",
  ),
];
