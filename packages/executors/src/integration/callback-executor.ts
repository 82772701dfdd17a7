/**
 * Tells a task's `callbackUrl` how the task ended, by a webhook signed as Standard Webhooks says. The delivery is a task itself,
 * so retries and their schedule are the ledger's (`core/lifecycle/callback.ts`).
 */
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Task } from '@errand/core/task';
import { isEnded } from '@errand/core/task';
import type { TaskId } from '@errand/core/id';
import type { Executor } from '../executor.ts';
import { failed } from '../failed.ts';
import { isSuccess, type Outbound } from './outbound.ts';
import { failureOfFault } from './upstream-outcome.ts';
import { retryAfterMs } from './retry-after.ts';

/** Standard Webhooks gives a receiver 15 to 30 seconds to answer. */
const TIMEOUT_MS = 20_000;
/** The status by which a receiver says that it wants no more deliveries. */
const GONE = 410;

/** What a signature covers. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

export interface CallbackDeps {
  /** The task as it is now: the payload is read when it is sent, and stored nowhere else. */
  readonly readTask: (namespace: string, id: TaskId) => Promise<Task | undefined>;
  readonly signingSecret: (namespace: string) => Promise<string | undefined>;
  /** The headers that identify and sign a message. */
  readonly sign: (message: SignedMessage, secret: string) => Readonly<Record<string, string>>;
  /** A task as the API shows it. */
  readonly view: (task: Task) => Readonly<Record<string, unknown>>;
  readonly send: Outbound;
  readonly now: () => number;
}

/** The executor of `errand.callback`. */
export function createCallbackExecutor(deps: CallbackDeps): Executor {
  return {
    async perform({ task }, work) {
      const { taskId, url, event } = task.input as { readonly taskId: TaskId; readonly url: string; readonly event: string };
      const [ended, secret] = await Promise.all([deps.readTask(task.namespace, taskId), deps.signingSecret(task.namespace)]);
      if (ended === undefined || !isEnded(ended))
        return failed('not_found', 'The task that ended is no longer there, or is open again.', false);
      if (secret === undefined) return failed('credential_invalid', 'The namespace has no signing secret.', false);
      const body = JSON.stringify({ type: event, timestamp: new Date(ended.endedAt).toISOString(), data: deps.view(ended) });
      // All attempts of a delivery have the same id, by which a receiver knows a repetition.
      const id = `msg_${task.id.slice('task_'.length)}`;
      const answer = await deps.send({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Errand',
          ...deps.sign({ id, timestamp: Math.floor(deps.now() / 1_000), body }, secret),
        },
        body,
        timeoutMs: TIMEOUT_MS,
        signal: work.signal,
      });
      const result = answer.ok ? String(answer.response.status) : answer.fault.kind;
      work.log({ at: deps.now(), level: answer.ok ? 'info' : 'warn', message: `POST ${new URL(url).origin} → ${result}` });
      // Whoever took the delivery may say as much as they like about it.
      if (!answer.ok && answer.fault.status !== undefined && isSuccess(answer.fault.status)) return taken(answer.fault.status);
      if (!answer.ok) return failureOfFault(answer.fault);
      return outcomeOf(answer.response.status, answer.response.headers['retry-after'], deps.now());
    },
  };
}

/** Every status but 2xx is retried, redirects included, until 410 ends it. */
function outcomeOf(status: number, retryAfter: string | undefined, now: number): Outcome {
  if (isSuccess(status)) return taken(status);
  if (status === GONE) return failed('upstream.gone', 'The receiver wants no more deliveries (410).', false);
  const waitMs = retryAfterMs(retryAfter, now);
  const failure = failed(status === 429 ? 'upstream.rate_limited' : 'upstream.unavailable', `The receiver answered ${status}.`, true);
  return waitMs === undefined ? failure : { ...failure, nextRetryDelayMs: waitMs };
}

function taken(status: number): Outcome {
  return { kind: 'completed', output: { status } satisfies Json };
}
