import { z } from '@hono/zod-openapi';
import type { Outcome } from '@errand/core/outcome';
import type { Task } from '@errand/core/task';
import { taskOf } from '../addressed.ts';
import type { Answer } from '../answer.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { hasEnoughEvidence } from '../evidence.ts';
import { json } from '../fields.ts';
import { askOfLease, leasedAttempt, stillHeld, taskOfLease } from '../lease.ts';
import { parseBody } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject, readOptionalObject } from '../read-body.ts';
import { failureOf, ReportedErrorSchema } from '../reported-error.ts';
import { answers, body, TaskSchema } from '../schemas.ts';
import { taskAnswer } from '../task-answer.ts';

const byToken = { params: z.object({ leaseToken: z.string() }) };
const LeaseSchema = z.object({ leaseUntil: z.iso.datetime(), cancelRequested: z.boolean(), pauseRequested: z.boolean() });
const Heartbeat = z.strictObject({ details: json.optional() });
const Completion = z.strictObject({ output: json });
const Failure = z.strictObject({ error: ReportedErrorSchema });
const REFUSAL = 'The report was not understood. Nothing was changed.';

/** A sign of life: renews the lease, keeps a checkpoint, and tells the worker whether it should stop. */
export const heartbeatAttempt = defineEndpoint({
  method: 'post',
  path: '/v1/attempts/{leaseToken}/heartbeat',
  scope: 'tasks:operate',
  docs: {
    summary: 'Renew the lease of an attempt',
    description:
      '`details` are kept as the checkpoint of the next attempt. When `cancelRequested` is true, stop: nothing but the end is awaited.',
    tags: ['Remote workers'],
    request: { ...byToken, ...body(Heartbeat) },
    responses: answers(200, 'The lease', LeaseSchema),
  },
  async handle(call) {
    const attempt = leasedAttempt(call);
    const { details } = parseBody(Heartbeat, await readOptionalObject(call.request), REFUSAL);
    const actor = { kind: 'worker', id: call.caller.keyId } as const;
    const result = await askOfLease(attempt, { type: 'heartbeat', actor, fence: attempt.fence });
    const task = taskOf(result);
    if (details !== undefined) await attempt.ledger.note([{ taskId: attempt.taskId, fence: attempt.fence, checkpoint: details }]);
    const leaseUntil = result?.ok === true && result.leaseUntil !== undefined ? result.leaseUntil : call.service.now();
    return Response.json({
      leaseUntil: new Date(leaseUntil).toISOString(),
      cancelRequested: task.status === 'running' && task.cancelRequestedAt !== undefined,
      pauseRequested: task.status === 'running' && task.pauseRequested === true,
    });
  },
});

/** Completes a task with the output of an attempt, which is validated first. */
export const completeAttempt = defineEndpoint({
  method: 'post',
  path: '/v1/attempts/{leaseToken}/complete',
  scope: 'tasks:operate',
  docs: {
    summary: 'Report the result of an attempt',
    description:
      'An output that does not fit the schema of the type is 422, and the attempt has failed with `output_invalid`: it is retried or ends the ' +
      'task, as the type says. After the lease was lost it is 409, and the result is kept as evidence in the events of the task.',
    tags: ['Remote workers'],
    request: { ...byToken, ...body(Completion) },
    responses: answers(200, 'The task', TaskSchema),
  },
  async handle(call) {
    const attempt = leasedAttempt(call);
    const { output } = parseBody(Completion, await readJsonObject(call.request), REFUSAL);
    const task = await taskOfLease(attempt);
    // A result that comes too late is not checked: it is kept as it came.
    if (!stillHeld(task, attempt)) return await report(call, task, { kind: 'completed', output });
    const checked = await call.service.types.checkOutput(task.namespace, task.type, task.version, output);
    if (checked.ok) return await report(call, task, { kind: 'completed', output: checked.output });
    await report(call, task, { kind: 'failed', error: checked.error });
    throw new Problem(422, 'output_invalid', 'The output does not fit the schema of the type. The attempt has failed.', {
      errors: checked.errors,
    });
  },
});

/** Fails an attempt. It is retried unless the worker or the type's policy says otherwise. */
export const failAttempt = defineEndpoint({
  method: 'post',
  path: '/v1/attempts/{leaseToken}/fail',
  scope: 'tasks:operate',
  docs: {
    summary: 'Report the failure of an attempt',
    description: '`nextRetryDelay` overrides the backoff, up to the longest interval of the policy. `retryable: false` ends the task.',
    tags: ['Remote workers'],
    request: { ...byToken, ...body(Failure) },
    responses: answers(200, 'The task', TaskSchema),
  },
  async handle(call) {
    const task = await taskOfLease(leasedAttempt(call));
    const { error } = parseBody(Failure, await readJsonObject(call.request), REFUSAL);
    return await report(call, task, failureOf(error));
  },
});

async function report(call: KeyedCall, task: Task, outcome: Outcome): Promise<Answer> {
  const attempt = leasedAttempt(call);
  if (!stillHeld(task, attempt) && (await hasEnoughEvidence(attempt.ledger, task.id)))
    throw new Problem(409, 'lease_lost', 'This attempt no longer holds the task, and enough late results of it are kept.');
  const worker = task.status === 'running' && stillHeld(task, attempt) ? task.lease.worker : call.caller.keyId;
  const result = await askOfLease(attempt, {
    type: 'report',
    actor: { kind: 'worker', id: worker },
    fence: attempt.fence,
    outcome,
    delayFraction: call.service.random(),
  });
  return taskAnswer(taskOf(result), 200);
}
