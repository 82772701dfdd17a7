/** Plants in what a ledger keeps and when it wakes: durability, timers, dispatch, the record. */
import { plant, type Plant } from './plant.ts';

export const COMMIT_PLANTS: readonly Plant[] = [
  // Durability and crashes.
  plant(
    'answer-before-durable',
    'an acknowledged change is lost with the power',
    'ledger/ledger',
    'await this.platform.durable();\n    try {',
    'void this.platform.durable().catch(() => {});\n    try {',
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
    'insertEvents(sql, id, entry.events); if (entry.before !== undefined) this.#tasks.remember();',
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
  plant('no-rearm', 'after one alarm there is no other', 'ledger/ledger', 'this.#rearm();\n    } catch (fault) {', '} catch (fault) {'),
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
    'from + afterMs < earliest.at',
    'from + afterMs > earliest.at',
  ),
  plant(
    'no-schedule-to-close',
    'a task outlives its time',
    'lifecycle/wake',
    "consider(scheduledAt, timeouts.scheduleToCloseMs, 'timeout.schedule_to_close');",
    '',
  ),
  plant(
    'no-start-to-close',
    'an attempt that is kept alive never ends',
    'lifecycle/wake',
    "consider(task.lease.startedAt, timeouts.startToCloseMs, 'timeout.start_to_close');",
    '',
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
    "task.route.executor !== 'worker'",
    "task.route.executor !== 'manual'",
  ),
  plant(
    'backlog-forgotten',
    'after a restart what was ready waits for ever',
    'ledger/ledger',
    'this.#backlog = new Set(readyLanes(platform.sql));',
    'void readyLanes;',
  ),
  plant(
    'drained-too-soon',
    'a lane with a full window is taken for an empty one',
    'ledger/fill-lanes',
    'if (candidates.length <= free) dispatch.drained(lane);',
    'dispatch.drained(lane);',
  ),

  // The record.
  plant('event-lost', 'history has a gap', 'ledger/commit', 'entry.events.push(...events);', 'entry.events = [...events];'),
  plant('tally-drifts', 'counts differ from what they count', 'ledger/tallies', "if (from !== '') add(", "if (from === 'never') add("),
  plant(
    'row-beside-its-events',
    'the row says what no event said',
    'lifecycle/evolve',
    "return { ...base, status: 'retrying', error: change.error, retryAt: change.retryAt };",
    "return { ...base, status: 'retrying', error: change.error, retryAt: change.retryAt, updatedAt: Date.now() };",
  ),

  // Executors beside their objects.
  plant('near-place-kept', 'what could not begin keeps a place in its lane', 'ledger/fill-lanes', 'commit.dispatch.notNear(queued);', ''),
  plant(
    'near-before-durable',
    'work begins that nobody will remember',
    'ledger/fill-lanes',
    'assignments.push(assignmentOf(sql, result.task));',
    'near.take(lane, [assignmentOf(sql, result.task)]);',
  ),
];
