import { describe, expect, it } from 'vitest';
import type { LogLine } from '@errand/core/attempt';
import type { Json } from '@errand/core/json';
import { BEGIN, given, spec } from '@errand/core/lifecycle/given.fixture';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { MAX_OUTPUT_CHARACTERS } from '../executor.ts';
import { Stopped } from '../stopped.ts';
import { createAutomatedExecutor } from './automated-executor.ts';
import { defineTask, NonRetryableError, TaskFailure, type HandlerContext } from './define-task.ts';

const NOW = 1_800_000_000_000;

/** Objects with a number `a`, which a missing `b` makes 1. */
const pair: StandardSchemaV1<unknown, { a: number; b: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate(value) {
      const { a, b = 1 } = value as { a?: unknown; b?: number };
      return typeof a === 'number' ? { value: { a, b } } : { issues: [{ message: '"a" must be a number' }] };
    },
  },
};
const anything: StandardSchemaV1<unknown, unknown> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
};

/** Performs one attempt by a handler, and gives its outcome beside what it noted. */
async function perform(
  run: (ctx: HandlerContext, input: { a: number; b: number }) => unknown,
  { input = { a: 1 }, stop }: { input?: Json; stop?: Stopped } = {},
) {
  const definition = defineTask({
    name: 'example.sum',
    version: 1,
    input: pair,
    output: anything,
    run: async (ctx, value) => run(ctx, value),
  });
  const executor = createAutomatedExecutor({
    handlers: new Map([['example.sum@1', definition]]),
    handlerOf: async ({ type }) => `${type}@1`,
    now: () => NOW,
  });
  const stopping = new AbortController();
  const lines: LogLine[] = [];
  const beats: (Json | undefined)[] = [];
  const outcome = executor.perform(
    { task: given(spec({ input }), BEGIN), fence: 1, leaseUntil: NOW + 1_000, checkpoint: { done: 3 } },
    {
      signal: stopping.signal,
      whenStopped: (listener) => stopping.signal.addEventListener('abort', () => listener(stopping.signal.reason as Stopped)),
      heartbeat: (details) => void beats.push(details),
      log: (line) => void lines.push(line),
    },
  );
  if (stop !== undefined) setImmediate(() => stopping.abort(stop));
  return { outcome: await outcome, lines, beats };
}

describe('a handler', () => {
  it('gets its input as the schema gives it, and what it returns is the output', async () => {
    const { outcome } = await perform((_ctx, { a, b }) => ({ sum: a + b }));
    expect(outcome).toEqual({ kind: 'completed', output: { sum: 2 } });
  });

  it('is not called with an input that no longer fits, and no attempt would help', async () => {
    const { outcome } = await perform(() => expect.unreachable(), { input: { a: 'x' } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'input_invalid', retryable: false } });
  });

  it('knows its attempt and the checkpoint of the one before, and leaves lines and a checkpoint', async () => {
    const { outcome, lines, beats } = await perform((ctx) => {
      ctx.log.warn('slow');
      ctx.heartbeat({ done: 4 });
      return { attempt: ctx.attempt, checkpoint: ctx.checkpoint ?? null };
    });
    expect(outcome).toMatchObject({ output: { attempt: 1, checkpoint: { done: 3 } } });
    expect([lines, beats]).toEqual([[{ at: NOW, level: 'warn', message: 'slow' }], [{ done: 4 }]]);
  });

  it('that is not deployed fails the attempt, which may find it deployed later', async () => {
    const executor = createAutomatedExecutor({ handlers: new Map(), handlerOf: async () => undefined, now: () => NOW });
    const work = { signal: new AbortController().signal, whenStopped: () => {}, heartbeat: () => {}, log: () => {} };
    expect(await executor.perform({ task: given(spec(), BEGIN), fence: 1, leaseUntil: NOW }, work)).toMatchObject({
      error: { code: 'no_handler', retryable: true },
    });
  });
});

describe('what a handler returns', () => {
  it('is kept as JSON writes it', async () => {
    const { outcome } = await perform(() => ({ at: new Date(0), nothing: undefined }));
    expect(outcome).toEqual({ kind: 'completed', output: { at: '1970-01-01T00:00:00.000Z' } });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['an object in a circle', circle()],
  ])('is no output when it is %s', async (_name, value) => {
    expect((await perform(() => value)).outcome).toMatchObject({ error: { code: 'output_invalid', retryable: true } });
  });

  it('fails the task when it is too large: it would be so again', async () => {
    const { outcome } = await perform(() => 'x'.repeat(MAX_OUTPUT_CHARACTERS));
    expect(outcome).toMatchObject({ error: { code: 'payload_too_large', retryable: false } });
  });
});

describe('what a handler throws', () => {
  it.each<[string, unknown, object]>([
    ['an error', new TypeError('no'), { code: 'application', message: 'TypeError: no', retryable: true }],
    ['no error at all', 'no', { code: 'application', message: 'no', retryable: true }],
    [
      'a code of its own',
      new TaskFailure('no', { code: 'no_goods', details: { sku: 'a' } }),
      { code: 'no_goods', retryable: true, details: { sku: 'a' } },
    ],
    ['the end of it', new NonRetryableError('no'), { code: 'application.non_retryable', message: 'no', retryable: false }],
  ])('fails the attempt: %s', async (_name, thrown, error) => {
    const { outcome } = await perform(() => {
      throw thrown;
    });
    expect(outcome).toMatchObject({ kind: 'failed', error });
  });
});

describe('a stop', () => {
  it.each<Stopped['code']>(['timeout.start_to_close', 'lease_lost', 'canceled'])(
    'ends the attempt at once with its code, though the handler does not listen: %s',
    async (code) => {
      const { outcome } = await perform(() => new Promise(() => {}), { stop: new Stopped(code, 'Stop.') });
      expect(outcome).toMatchObject({ error: { code, message: 'Stop.', retryable: true } });
    },
  );

  it('says so, too, of a handler that listens and throws the reason of its signal', async () => {
    const listens = (ctx: HandlerContext) =>
      new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    const { outcome } = await perform(listens, { stop: new Stopped('canceled', 'Stop.') });
    expect(outcome).toMatchObject({ error: { code: 'canceled' } });
  });
});

function circle(): object {
  const round: { self?: unknown } = {};
  round.self = round;
  return round;
}
