/** The automated types that a development service always has: small enough to try every turn of a task's life with. */
import { defineTask, NonRetryableError, TaskFailure } from '@errand/executors/automated/define-task';
import type { Json } from '@errand/core/json';
import { z } from 'zod';

/** Longer sleeps are better said with `scheduledFor`. */
const LONGEST_SLEEP_MS = 600_000;

/** Any JSON value, handed on as it came: `z.json()` makes a copy, and a copy has no `__proto__` member. */
const anyJson = z.unknown().refine((value) => value !== undefined, 'is required') as unknown as z.ZodType<Json, Json>;

export const exampleSum = defineTask({
  name: 'example.sum',
  version: 1,
  title: 'Add two numbers',
  input: z.strictObject({ a: z.number(), b: z.number(), note: z.string().optional() }),
  output: z.strictObject({ sum: z.number() }),
  async run(_ctx, input) {
    return { sum: input.a + input.b };
  },
});

export const exampleEcho = defineTask({
  name: 'example.echo',
  version: 1,
  title: 'Give back a value',
  input: z.strictObject({ value: anyJson }),
  output: z.strictObject({ value: anyJson }),
  async run(_ctx, input) {
    return { value: input.value };
  },
});

export const exampleFlaky = defineTask({
  name: 'example.flaky',
  version: 1,
  title: 'Fail some attempts, then succeed',
  input: z.strictObject({
    failures: z.number().int().min(0).max(1_000),
    retryable: z.boolean().optional(),
    code: z.string().min(1).max(100).optional(),
    value: anyJson.optional(),
  }),
  output: z.strictObject({ value: anyJson, attempt: z.number().int() }),
  async run(ctx, input) {
    if (ctx.attempt > input.failures) return { value: input.value ?? null, attempt: ctx.attempt };
    const message = `attempt ${ctx.attempt} of ${input.failures} that fail`;
    if (input.retryable === false) throw new NonRetryableError(message, { code: input.code ?? 'application.non_retryable' });
    throw input.code === undefined ? new Error(message) : new TaskFailure(message, { code: input.code });
  },
});

export const exampleSleep = defineTask({
  name: 'example.sleep',
  version: 1,
  title: 'Sleep for a while',
  input: z.strictObject({ ms: z.number().int().min(0).max(LONGEST_SLEEP_MS) }),
  output: z.strictObject({ ms: z.number().int() }),
  async run(ctx, input) {
    await sleep(input.ms, ctx.signal);
    return { ms: input.ms };
  },
});

function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
