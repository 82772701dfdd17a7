/**
 * Task types: what a kind of work looks like, immutable as `name@version`.
 * Times here are milliseconds; the API writes them as ISO 8601 durations.
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
  /** Fixed delays in place of the backoff, one a retry; the last one repeats. System types use it. */
  readonly scheduleMs?: readonly number[];
}

/** The four timeouts. The first two below end the task, the last two an attempt. */
export interface Timeouts {
  /** From submit (or redrive) to the first attempt's start. Ends the task `timed_out`. */
  readonly scheduleToStartMs?: number;
  /** From submit (or redrive) to the end. Ends the task `timed_out`. */
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

/** The HTTP request of an integration type. Strings are templates: see `expression.ts`. */
export interface RequestTemplate {
  readonly connection: string;
  readonly method: string;
  readonly path: string;
  readonly query: JsonObject;
  readonly headers: JsonObject;
  readonly body?: Json;
  /** What becomes the task's output. */
  readonly output: Json;
  /** Whether an answer leaves the task `waiting` for somebody who finishes it. */
  readonly waitFor: 'none' | 'callback' | 'event';
  /** The condition under which it waits, a template. */
  readonly waitWhen: string;
  /** With `waitFor: "event"`: the key by which a hook names this task, a template. */
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
  /** What an invalid output does: another attempt, or the end of the task. Either way the error is `output_invalid`. */
  readonly onInvalidOutput: 'retry' | 'fail';
  /** How long a finished task is kept. */
  readonly retentionMs: number;
  readonly tags: readonly string[];
  readonly title?: string;
  readonly description?: string;
  /** Automated: the handler in code that performs it, as `name@version`. Without one, remote workers poll for it. */
  readonly handler?: string;
  readonly candidates?: Candidates;
  /** Manual: when it is due, counted from when it is offered. */
  readonly dueInMs?: number;
  readonly request?: RequestTemplate;
}

/** `name@version`, the way types are written in routes, lanes and messages. */
export function typeRef(type: { readonly name: string; readonly version: number }): string {
  return `${type.name}@${type.version}`;
}
