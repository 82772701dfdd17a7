import { z } from '@hono/zod-openapi';
import type { Assignment } from '@errand/core/assignment';
import type { LedgerObject } from '@errand/core/ledger-object';
import { typeRef } from '@errand/core/task-type';
import { WORKERS_LANE } from '@errand/router/rule';
import { ledgersOf, objectName } from '../../address.ts';
import { mintToken } from '../../token.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { text } from '../fields.ts';
import { invalid, parseBody } from '../parse-body.ts';
import type { FieldError } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, TaskSchema } from '../schemas.ts';
import { MAX_WAIT_S } from '../task-answer.ts';
import { taskView } from '../task-view.ts';

/** Tasks in one answer. */
const MAX_TASKS = 100;
const MAX_TYPES = 100;
const MAX_NAME_LENGTH = 128;

const PollBody = z
  .strictObject({
    workerId: text(MAX_NAME_LENGTH),
    types: z
      .array(z.string().regex(/^[^@]{1,128}(?:@[1-9]\d{0,9})?$/, 'must be name or name@version'))
      .min(1, 'must name a type')
      .max(MAX_TYPES, `must be at most ${MAX_TYPES} types`)
      .openapi({ example: ['report.render@1'] }),
    lane: text(MAX_NAME_LENGTH).optional(),
    maxTasks: z.int().min(1).max(MAX_TASKS).default(1),
    waitSeconds: z.int().min(0).max(MAX_WAIT_S).default(0),
  })
  .openapi('Poll');
const ItemSchema = z.object({
  task: TaskSchema,
  leaseToken: z.string(),
  leaseUntil: z.iso.datetime(),
  checkpoint: z.any().optional(),
});

interface Poll {
  readonly workerId: string;
  readonly lanes: readonly string[];
  readonly maxTasks: number;
  readonly waitMs: number;
}

/** Hands tasks to a remote worker, each with a lease of its attempt. */
export const pollWork = defineEndpoint({
  method: 'post',
  path: '/v1/workers/poll',
  scope: 'tasks:operate',
  docs: {
    summary: 'Take tasks to work on',
    description:
      'Begins up to `maxTasks` attempts and answers with a lease token for each. With `waitSeconds` it waits for the first. A lease ends at ' +
      '`leaseUntil` unless a heartbeat renews it: after the `heartbeat` timeout of the task, or without one after `startToClose`. ' +
      'A type without a version is its highest. Of a `lane`, tasks that a routing rule sent there are taken too.',
    tags: ['Remote workers'],
    request: body(PollBody),
    responses: answers(200, 'The tasks; none when nothing came in time', z.object({ items: z.array(ItemSchema) })),
  },
  async handle(call) {
    const poll = await readPoll(call);
    const items = await take(call, poll);
    if (items.length > 0 || poll.waitMs === 0) return Response.json({ items });
    return new Response(waiting(call, poll), { headers: { 'content-type': 'application/json' } });
  },
});

/** While a poll waits, a space is written this often: only a write shows that the client is gone, and JSON may begin with spaces. */
const SIGN_OF_LIFE_MS = 1_000;

/** The body of a poll that waits. For a client that is gone nothing is begun: its tasks would be with nobody until their leases end. */
function waiting(call: KeyedCall, poll: Poll): ReadableStream<Uint8Array> {
  const { service, request } = call;
  const until = service.now() + poll.waitMs;
  const ledgers = ledgersOfCall(call);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: MAX_UNREAD });
  const writer = writable.getWriter();
  let isGone = false;
  writer.closed.catch(() => (isGone = true));
  const untilWork = async (): Promise<'work'> => {
    await Promise.race(ledgers.map((ledger) => ledger.waitForWork(poll.lanes, Math.max(until - service.now(), 0))));
    return 'work';
  };
  const answer = async (): Promise<readonly object[]> => {
    for (let work = untilWork(); ;) {
      const woken = await Promise.race([work, pause(SIGN_OF_LIFE_MS)]);
      if (isGone || request.signal.aborted) return [];
      const items = woken === 'work' ? await take(call, poll) : [];
      if (items.length > 0 || service.now() >= until) return items;
      if (woken === 'work') work = untilWork();
      else await writer.write(SPACE);
    }
  };
  void answer()
    // The status has been sent already. The worker polls again, and then gets the problem.
    .catch((fault: unknown) => (console.error(call.traceId, fault), []))
    .then(async (items) => {
      await writer.write(new TextEncoder().encode(JSON.stringify({ items })));
      await writer.close();
    })
    .catch(() => undefined);
  return readable;
}

/** Spaces that are buffered for a client that does not read. */
const MAX_UNREAD = 64;
const SPACE = new TextEncoder().encode(' ');

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

async function readPoll(call: KeyedCall): Promise<Poll> {
  const { workerId, types, lane, maxTasks, waitSeconds } = parseBody(PollBody, await readJsonObject(call.request), REFUSAL);
  const errors: FieldError[] = [];
  const refs = await Promise.all(types.map((ref, i) => typeToPoll(call, ref, `#/types/${i}`, errors)));
  if (errors.length > 0) throw invalid(REFUSAL, errors);
  const lanes = [WORKERS_LANE, ...(lane === undefined ? [] : [lane])].flatMap((one) => refs.map((ref) => `${one}/${ref}`));
  return { workerId, lanes: [...new Set(lanes)], maxTasks, waitMs: waitSeconds * 1_000 };
}

const REFUSAL = 'The poll was not understood. Nothing was begun.';

/** The type `ref` as `name@version`, the highest where it names no version. Adds an error for one that no remote worker performs. */
async function typeToPoll({ service, namespace }: KeyedCall, ref: string, pointer: string, errors: FieldError[]): Promise<string> {
  const [name = '', version] = ref.split('@');
  const found = await service.types.find(namespace.name, name, version === undefined ? undefined : Number(version));
  if (found === undefined) errors.push({ pointer, detail: `there is no task type ${ref}`, keyword: 'unknown_type' });
  else if (found.type.kind !== 'automated')
    errors.push({ pointer, detail: `is ${found.type.kind}: remote workers perform automated types` });
  return found === undefined ? ref : typeRef(found.type);
}

/** Begins tasks of the namespace's ledgers, one ledger after the other. The first is drawn at random, so that none is always last. */
async function take(call: KeyedCall, { workerId, lanes, maxTasks }: Poll): Promise<object[]> {
  const { service, namespace } = call;
  const ledgers = ledgersOfCall(call);
  const first = Math.floor(service.random() * ledgers.length);
  const taken: Assignment[] = [];
  for (let i = 0; i < ledgers.length && taken.length < maxTasks; i++) {
    const ledger = ledgers[(first + i) % ledgers.length];
    if (ledger !== undefined) taken.push(...(await ledger.poll(lanes, maxTasks - taken.length, workerId)));
  }
  return taken.map(({ task, fence, leaseUntil, checkpoint }) => ({
    task: taskView(task),
    leaseToken: mintToken(service.tokenKey, 'lease', { namespace: namespace.name, taskId: task.id, fence }),
    leaseUntil: new Date(leaseUntil).toISOString(),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  }));
}

function ledgersOfCall({ service, namespace }: KeyedCall): LedgerObject[] {
  return ledgersOf(namespace).map((address) => service.objects.get(objectName(namespace.name, address)));
}
