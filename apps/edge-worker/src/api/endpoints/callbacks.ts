import { z } from '@hono/zod-openapi';
import type { Command } from '@errand/core/command';
import { isJsonObject, type Json, type JsonObject } from '@errand/core/json';
import { leaseLost } from '@errand/core/lifecycle/decide-attempt';
import type { Completed, Outcome } from '@errand/core/outcome';
import type { LedgerObject } from '@errand/core/ledger-object';
import type { Task } from '@errand/core/task';
import { objectOfTask } from '../../address.ts';
import { readToken, type AttemptToken } from '../../token.ts';
import { notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { hasEnoughEvidence } from '../evidence.ts';
import { json, jsonObject } from '../fields.ts';
import { parseBody } from '../parse-body.ts';
import { Problem, problemOf } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { failureOf, ReportedErrorSchema } from '../reported-error.ts';
import { answers, body } from '../schemas.ts';
import type { Service } from '../service.ts';

/** The lease that a heartbeat by callback gives an attempt that is still running, its call not having returned yet. */
const LEASE_MS = 15_000;
const MEMBERS = ['output', 'error', 'heartbeat'] as const;
const CallbackBody = z
  .strictObject({ output: json.optional(), error: ReportedErrorSchema.optional(), heartbeat: jsonObject.optional() })
  .refine((body) => MEMBERS.filter((member) => body[member] !== undefined).length === 1, {
    message: 'must have exactly one of "output", "error" and "heartbeat"',
  });

/** Finishes the attempt that the token in the path names, once. There is no key: the token is the proof. */
export const finishByCallback = defineEndpoint({
  method: 'post',
  path: '/v1/callbacks/{token}',
  scope: 'none',
  docs: {
    summary: 'Finish a task that waits for a callback',
    description:
      'Exactly one of `output`, `error` and `heartbeat`. A used or expired token is 410; after an invalid output (422) the token stays good.',
    tags: ['Third parties'],
    request: {
      params: z.object({ token: z.string() }),
      ...body(CallbackBody),
    },
    responses: answers(202, 'It was taken', z.object({ accepted: z.boolean() })),
  },
  async handle({ service, request, params }) {
    const token = readToken(service.tokenKey, 'callback', params['token'] ?? '');
    const namespace = token === undefined ? undefined : await service.namespaces.find(token.namespace, service.now());
    const object = namespace === undefined || token === undefined ? undefined : objectOfTask(namespace, token.taskId);
    if (token === undefined || object === undefined) throw notFound();
    const { outcome, heartbeat } = readCallback(await readJsonObject(request));
    const ledger = service.objects.get(object);
    const [task] = await ledger.read([token.taskId]);
    // The task has been deleted: its token is used, and no less genuine.
    if (task === null || task === undefined) throw used();
    // A result that comes too late is not checked: it is kept as it came.
    const holds = leaseLost(task, token.fence) === undefined;
    const result = holds && outcome?.kind === 'completed' ? await judged(service, task, outcome) : outcome;
    if (isJsonObject(heartbeat) && Object.keys(heartbeat).length > 0)
      await ledger.note([{ taskId: task.id, fence: token.fence, checkpoint: heartbeat }]);
    await tell(service, ledger, task, token, result);
    return Response.json({ accepted: true }, { status: 202 });
  },
});

/** A callback is an outcome or a heartbeat. */
interface Callback {
  readonly outcome: Outcome | undefined;
  readonly heartbeat: Json | undefined;
}

function readCallback(given: JsonObject): Callback {
  const { output, error, heartbeat } = parseBody(CallbackBody, given, 'The callback was not understood. Nothing was changed.');
  if (output !== undefined) return { outcome: { kind: 'completed', output }, heartbeat };
  return { outcome: error === undefined ? undefined : failureOf(error), heartbeat };
}

/** The outcome with its output checked and the type's defaults filled in. Throws a 422 for one that does not fit. */
async function judged({ types }: Service, { namespace, type, version }: Task, { output }: Completed): Promise<Outcome> {
  const checked = await types.checkOutput(namespace, type, version, output);
  if (!checked.ok)
    throw new Problem(422, 'output_invalid', 'The output does not fit the type. Nothing was changed, and the token stays good.', {
      errors: checked.errors,
    });
  return { kind: 'completed', output: checked.output };
}

/** Sends the outcome to the task's ledger, or the heartbeat where there is no outcome. */
async function tell(
  service: Service,
  ledger: LedgerObject,
  task: Task,
  { fence }: AttemptToken,
  outcome: Outcome | undefined,
): Promise<void> {
  if (leaseLost(task, fence) !== undefined && (await hasEnoughEvidence(ledger, task.id))) throw used();
  const actor = { kind: 'callback', id: `${task.id}/${fence}` } as const;
  const command: Command =
    outcome === undefined
      ? { type: 'heartbeat', actor, fence, leaseMs: LEASE_MS }
      : { type: 'report', actor, fence, outcome, delayFraction: service.random() };
  const [result] = await ledger.execute([{ taskId: task.id, command }]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw result.rejection.code === 'lease_lost' ? used() : problemOf(result.rejection);
}

function used(): Problem {
  return new Problem(410, 'token_used', 'This token has been used, or the attempt it names has ended.');
}
