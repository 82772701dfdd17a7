/** Task types whose handlers are code of the service: schema, options and function in one definition. */
import type { Task } from '@errand/core/task';
import type { RetryPolicy, Timeouts } from '@errand/core/task-type';
import type { Json } from '@errand/core/json';
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** What a handler gets besides its input. */
export interface HandlerContext {
  readonly task: Task;
  /** Aborted when the attempt is canceled or out of time: pass it to whatever waits. */
  readonly signal: AbortSignal;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** What the previous attempt's last heartbeat kept. */
  readonly checkpoint: Json | undefined;
  /** A sign of life; `details` are kept for the next attempt. */
  heartbeat(details?: Json): void;
  /** Lines kept with the attempt, shown on the task's page. */
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>;
}

export interface TaskDefinition<Input extends StandardSchemaV1 = StandardSchemaV1, Output extends StandardSchemaV1 = StandardSchemaV1> {
  readonly name: string;
  readonly version: number;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly input: Input;
  readonly output: Output;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Timeouts;
  readonly onInvalidOutput?: 'retry' | 'fail';
  run(
    ctx: HandlerContext,
    input: StandardSchemaV1.InferOutput<Input>,
  ): Promise<StandardSchemaV1.InferInput<Output>> | StandardSchemaV1.InferInput<Output>;
}

/** Ends the task at once: no further attempt could succeed. */
export class NonRetryableError extends Error {
  override readonly name = 'NonRetryableError';
  readonly code: string;
  readonly details: Json | undefined;

  constructor(message: string, options: { readonly code?: string; readonly details?: Json } = {}) {
    super(message);
    this.code = options.code ?? 'application.non_retryable';
    this.details = options.details;
  }
}

/** An error with a code of your own; tried again like any other. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly code: string;
  readonly details: Json | undefined;

  constructor(message: string, options: { readonly code: string; readonly details?: Json }) {
    super(message);
    this.code = options.code;
    this.details = options.details;
  }
}

/**
 * Defines a task type performed by code. Input is validated before the handler runs and output before the task completes.
 *
 * ```ts
 * export const sum = defineTask({
 *   name: 'example.sum', version: 1,
 *   input: z.strictObject({ a: z.number(), b: z.number() }),
 *   output: z.strictObject({ sum: z.number() }),
 *   run: (_ctx, { a, b }) => ({ sum: a + b }),
 * });
 * ```
 */
export function defineTask<Input extends StandardSchemaV1, Output extends StandardSchemaV1>(
  definition: TaskDefinition<Input, Output>,
): TaskDefinition<Input, Output> {
  return definition;
}
