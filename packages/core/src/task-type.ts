/**
 * Task types: what one sort of work takes and gives, who performs it, and how it is retried. A type never changes once it is
 * published: `name@version` always means the same.
 * Durations here are milliseconds; the API writes them as ISO 8601.
 */
import type { Json, JsonObject } from './json.ts';

/** Who performs tasks of a type: code, a person, or a third party. */
export type Kind = 'automated' | 'manual' | 'integration';

/** When a failed attempt is tried again. */
export interface RetryPolicy {
  /** Attempts in all, the first included; at least 1. */
  readonly maxAttempts: number;
  readonly initialIntervalMs: number;
  readonly backoffCoefficient: number;
  readonly maxIntervalMs: number;
  /** `full` draws the delay evenly between 0 and the backoff; `none` waits the backoff itself. */
  readonly jitter: 'none' | 'full';
  /** Error codes that end the task at once. */
  readonly nonRetryableCodes: readonly string[];
  /** Fixed delays instead of the backoff, one for each retry; the last one repeats. Only types of the service itself have it. */
  readonly scheduleMs?: readonly number[];
}

/** The four timeouts. The first two end the task; the last two end an attempt, which may be retried. */
export interface Timeouts {
  /** From when the task is due (its submit, `scheduledFor` or redrive) to the start of the first attempt. Ends the task `timed_out`. */
  readonly scheduleToStartMs?: number;
  /** From when the task is due to its end. Ends the task `timed_out`. */
  readonly scheduleToCloseMs?: number;
  /** From an attempt's start to its end. Fails the attempt with `timeout.start_to_close`. */
  readonly startToCloseMs?: number;
  /** Between two signs of life of an attempt. Fails it with `timeout.heartbeat`. */
  readonly heartbeatMs?: number;
}

/** Who may take a manual task. With neither list, everybody whose key has `manual:work`. */
export interface Candidates {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** The HTTP request of an integration type. Strings are templates, such as `/charges/${input.id}`: see `template.ts`. */
export interface RequestTemplate {
  /** Name of the connection, which has the base URL and the credential. */
  readonly connection: string;
  readonly method: string;
  readonly path: string;
  readonly query: JsonObject;
  readonly headers: JsonObject;
  readonly body?: Json;
  /** What becomes the task's output. */
  readonly output: Json;
  /** Who finishes the task when the answer is only a promise: a call of its callback URL, or the event of a hook. */
  readonly waitFor: 'none' | 'callback' | 'event';
  /** A template that says of an answer whether the task waits after it. */
  readonly waitWhen: string;
  /** With `waitFor: "event"`: a template for the key by which the hook's event will name this task. */
  readonly correlation?: string;
}

/** A published task type. */
export interface TaskType {
  readonly name: string;
  readonly version: number;
  readonly kind: Kind;
  /** JSON Schema 2020-12, or `true` where anything goes. */
  readonly inputSchema: Json;
  readonly outputSchema: Json;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  /** What follows an output that does not fit: another attempt, or the end of the task. Either way the error is `output_invalid`. */
  readonly onInvalidOutput: 'retry' | 'fail';
  /** How long a task is kept after it has ended. */
  readonly retentionMs: number;
  /** Put on every task of the type, before the submission's own. */
  readonly tags: readonly string[];
  readonly title?: string;
  readonly description?: string;
  /** Automated: the handler in code that performs it, as `name@version`. Without one, remote workers poll for it. */
  readonly handler?: string;
  readonly candidates?: Candidates;
  /** Manual: when a task is due, counted from when it is offered to people. */
  readonly dueInMs?: number;
  /** Integration: the call that performs a task. */
  readonly request?: RequestTemplate;
}

/** `name@version`, the way types are written in routes, lanes and messages. */
export function typeRef(type: { readonly name: string; readonly version: number }): string {
  return `${type.name}@${type.version}`;
}
