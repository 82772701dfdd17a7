/** How a task type in code is written: schemas, options and the handler in one definition. What a handler may use and throw. */
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
  /** The details of the last heartbeat that had any, of this task's earlier attempts. */
  readonly checkpoint: Json | undefined;
  /** A sign of life; `details` are kept for the next attempt. */
  heartbeat(details?: Json): void;
  /** Lines kept with the attempt, shown on the task's page. */
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>;
}

/**
 * A task type in code. `input` and `output` are schemas of any library that follows Standard Schema
 * (https://standardschema.dev), such as zod; options left out have the defaults of `core/task-type-defaults.ts`.
 */
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
  /**
   * The handler. It may be called again for the same task, after a failure or a crash, so its effects must bear repetition. What it
   * throws fails the attempt: a {@link NonRetryableError} for good, anything else to be retried as the type's policy says.
   */
  run(
    ctx: HandlerContext,
    input: StandardSchemaV1.InferOutput<Input>,
  ): Promise<StandardSchemaV1.InferInput<Output>> | StandardSchemaV1.InferInput<Output>;
}

/**
 * Thrown by a handler when no further attempt could succeed: the task fails at once. `code` is `application.non_retryable` unless
 * given.
 */
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

/** Thrown by a handler to give its failure a code of its own. The attempt is retried like any other, unless the policy lists the code. */
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
