/** Plants in what attempts may do: fences, leases, retries and endings. */
import { plant, type Plant } from './plant.ts';

export const ATTEMPT_PLANTS: readonly Plant[] = [
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

  // Leases.
  plant(
    'no-renewal',
    'a lease that was renewed runs out all the same',
    'ledger/leases',
    'this.#renewed.set(command.taskId, { fence, until });',
    '',
  ),
  plant(
    'no-restart-grace',
    'attempts are lost because the ledger restarted',
    'ledger/leases',
    'Math.max(until, this.#bornAt + RESTART_GRACE_MS)',
    'until',
  ),
  plant(
    'promise-taken-back',
    'a pause after a restart shortens what a remote worker was promised',
    'ledger/dispatch',
    'wakeAtOf(task, promisedUntil(before, task))',
    'wakeAtOf(task, task.fence < 0 ? promisedUntil(before, task) : undefined)',
  ),
  plant(
    'shared-losses-without-end',
    'a loss with others never uses an attempt',
    'lifecycle/decide-tick',
    'command.sharedLoss === true && task.sharedLosses === 0',
    'command.sharedLoss === true',
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
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined)\n    return {",
    "if (task.status === 'running' && task.cancelRequestedAt !== undefined && task.timeouts.scheduleToCloseMs === undefined)\n    return {",
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
];
