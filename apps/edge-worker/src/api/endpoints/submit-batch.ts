import { z } from '@hono/zod-openapi';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { readLines, type Line } from '../ndjson.ts';
import { Problem } from '../problem.ts';
import { exceedsDepth } from '@errand/core/json-depth';
import { MAX_DEPTH, readText, requireJson, requireUnpacked } from '../read-body.ts';
import { ProblemSchema, SubmissionSchema } from '../schemas.ts';
import { splitTasks } from '../split-tasks.ts';
import { submitBatch, type BatchAnswer, type BatchEntry } from '../submit-batch.ts';
import { submitterOf } from '../submit.ts';

/** The largest JSON body. Each task in it may be as large as one that is submitted alone. */
const MAX_BATCH_BYTES = 8 * 1_048_576;
/** Groups of lines that are being submitted while the next are read. */
const MAX_GROUPS = 4;
/** Answers kept for a client that writes everything before it reads anything; beyond it no more is read from it. */
const MAX_UNREAD_BYTES = 4 * 1_048_576;

const NDJSON = 'application/x-ndjson';
const TaskSchema = SubmissionSchema.extend({ idempotencyKey: z.string().optional() });
const ItemSchema = z.union([
  z.object({ status: z.int(), task: z.object({ id: z.string(), status: z.string() }) }),
  z.object({ status: z.int(), problem: ProblemSchema }),
]);

/** Accepts many tasks, each answered by itself: a list at once, or any number of lines as they come. */
export const submitTasks = defineEndpoint({
  method: 'post',
  path: '/v1/tasks:batch',
  scope: 'tasks:submit',
  bounded: true,
  produces: ['application/json', NDJSON],
  docs: {
    summary: 'Submit many tasks',
    description:
      'Each task is accepted or refused by itself, and the answers come in order. As JSON at most 1,000 tasks and 8 MiB; as ' +
      '`application/x-ndjson` any number, a task a line, answered by lines while you write. A line is answered with its number in `line`.',
    tags: ['Tasks'],
    request: {
      body: {
        content: {
          'application/json': { schema: z.object({ tasks: z.array(TaskSchema).max(1_000) }) },
          [NDJSON]: { schema: TaskSchema },
        },
      },
    },
    responses: {
      207: {
        description: 'An answer for every task, in order',
        content: {
          'application/json': { schema: z.object({ items: z.array(ItemSchema) }) },
          [NDJSON]: { schema: ItemSchema },
        },
      },
      default: { description: 'A problem', content: { 'application/problem+json': { schema: ProblemSchema } } },
    },
  },
  async handle(call) {
    const { request, traceId } = call;
    if (request.headers.has('idempotency-key'))
      throw new Problem(400, 'invalid_idempotency_key', 'A batch takes a key for each task, in its member "idempotencyKey".');
    requireUnpacked(request);
    if (/^application\/x-ndjson\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')) return streamed(call);
    requireJson(request);
    const tasks = splitTasks(await readText(request, MAX_BATCH_BYTES));
    const entries = tasks.map((task, i): BatchEntry => ({ pointer: `#/tasks/${i}`, task }));
    const items = await submitBatch(submitterOf(call), entries, traceId);
    return Response.json({ items }, { status: 207, headers: items.some(mayComeAgain) ? { 'retry-after': '1' } : {} });
  },
});

/** Says whether an entry was refused only for now: the same one may be accepted later. */
function mayComeAgain({ status }: BatchAnswer): boolean {
  return status === 429 || status === 503;
}

function streamed(call: KeyedCall): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {
    highWaterMark: MAX_UNREAD_BYTES,
    size: (chunk) => chunk.byteLength,
  });
  void answerLines(call, writable.getWriter());
  return new Response(readable, { status: 207, headers: { 'content-type': NDJSON } });
}

/** Reads, submits and answers at the same time, a group of lines after the other. Answers keep the order of the lines. */
async function answerLines(call: KeyedCall, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  const submitter = submitterOf(call);
  const written: Promise<void>[] = [];
  let before = Promise.resolve();
  try {
    for await (const lines of readLines(call.request.body ?? new ReadableStream({ start: (controller) => controller.close() }))) {
      const answers = submitBatch(submitter, lines.map(entryOf), call.traceId);
      const previous = before;
      before = (async () => {
        const text = (await answers).map((answer, i) => `${JSON.stringify({ line: lines[i]?.number, ...answer })}\n`).join('');
        await previous;
        await writer.write(new TextEncoder().encode(text));
      })();
      before.catch(() => {});
      written.push(before);
      if (written.length >= MAX_GROUPS) await written.shift();
    }
    await before;
    await writer.close();
  } catch (fault) {
    // The client is gone. What was accepted stays accepted, and idempotency keys tell it so when it sends the lines again.
    await writer.abort(fault).catch(() => {});
  }
}

function entryOf({ text }: Line): BatchEntry {
  return { pointer: '#', task: typeof text === 'string' ? { text, isTooDeep: exceedsDepth(text, MAX_DEPTH) } : text };
}
