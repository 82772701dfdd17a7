import { z } from '@hono/zod-openapi';
import type { Command } from '@errand/core/command';
import type { Json, JsonObject } from '@errand/core/json';
import { decide } from '@errand/core/lifecycle/decide';
import type { Task } from '@errand/core/task';
import { addressed, ask, currentTask, type AddressedTask } from '../addressed.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { json, text } from '../fields.ts';
import { invalid, parseBody } from '../parse-body.ts';
import { isManualAdmin, personOf, requireManual } from '../people.ts';
import { Problem, problemOf } from '../problem.ts';
import { answers, body, byId, TaskSchema } from '../schemas.ts';
import type { Service } from '../service.ts';
import { taskAnswer } from '../task-answer.ts';
import { readVerb } from '../verb-request.ts';

const REFUSAL = 'The request was not understood. Nothing was changed.';

/** An error as workers and callbacks report one (`reported-error.ts`), except that a person's is never retryable. */
const FailBody = z.strictObject({
  error: z.strictObject({
    code: text(100),
    message: text(2_000),
    retryable: z.literal(false, 'must be false: a person’s failure is final').optional(),
    details: json.optional(),
  }),
});

const reason = z.string().optional();
const tags = ['Manual'];
const responses = answers(200, 'The task', TaskSchema);

/** Takes a task. The first claim wins; the loser learns who holds it. */
export const claimTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/claim',
  scope: 'manual:work',
  docs: {
    summary: 'Claim a manual task',
    description: 'The first claim wins; again by the holder 200, by the loser 409 `already_claimed` with `holder` and `since`.',
    tags,
    request: { ...byId, ...body(z.object({ reason })) },
    responses,
  },
  async handle(call) {
    const person = personOf(call.caller);
    const task = addressed(call);
    const { asked } = await readVerb(call);
    return taskAnswer(await ask(task, { type: 'claim', person, ...asked }), 200);
  },
});

/** Gives a task back: the holder, or an administrator who takes it from them. */
export const releaseTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/release',
  scope: 'any',
  docs: {
    summary: 'Release a manual task',
    description: 'By its holder (`manual:work`), or by an administrator (`manual:admin`).',
    tags,
    request: { ...byId, ...body(z.object({ reason })) },
    responses,
  },
  async handle(call) {
    requireManual(call.caller);
    const admin = isManualAdmin(call.caller);
    const person = admin ? (call.caller.person ?? { id: call.caller.keyId, groups: [] }) : personOf(call.caller);
    const task = addressed(call);
    const { asked } = await readVerb(call);
    return taskAnswer(await ask(task, { type: 'release', person, ...(admin ? { asAdmin: true } : {}), ...asked }), 200);
  },
});

/** Ends a task with its holder's answer, which must fit the type's output schema. */
export const completeTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/complete',
  scope: 'manual:work',
  docs: {
    summary: 'Complete a manual task',
    description: 'By its holder. An output that does not fit the schema is 422 with pointers, and the task stays held.',
    tags,
    request: { ...byId, ...body(z.object({ output: z.any(), reason })) },
    responses,
  },
  async handle(call) {
    const person = personOf(call.caller);
    const task = addressed(call);
    const { body: sent, asked } = await readVerb(call, ['output']);
    if (!Object.hasOwn(sent, 'output')) throw invalid(REFUSAL, [{ pointer: '#/output', detail: 'is required', keyword: 'required' }]);
    const output = sent['output'] ?? null;
    const command: Command = { type: 'complete', person, output, ...asked };
    const checked = await checkedOutput(call.service, await taskTaking(call, task, command), output);
    return taskAnswer(await ask(task, { ...command, output: checked }), 200);
  },
});

/** Ends a task that its holder cannot do. */
export const failTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/fail',
  scope: 'manual:work',
  docs: {
    summary: 'Fail a manual task',
    description: 'By its holder. A person’s failure is final: it is not tried again by itself.',
    tags,
    request: { ...byId, ...body(FailBody.extend({ reason })) },
    responses,
  },
  async handle(call) {
    const person = personOf(call.caller);
    const task = addressed(call);
    const { body: sent, asked } = await readVerb(call, ['error']);
    return taskAnswer(await ask(task, { type: 'fail', person, ...readError(sent), ...asked }), 200);
  },
});

/**
 * The task, if it would take the command now. Asked before its output is checked, so that whoever may not complete a task is told
 * that, and nothing of its schema. The ledger decides again when the command reaches it.
 */
async function taskTaking({ service }: KeyedCall, target: AddressedTask, command: Command): Promise<Task> {
  const task = await currentTask(target);
  const decision = decide(task, command, service.now());
  if (!decision.ok) throw problemOf(decision.rejection);
  return task;
}

/** The output to keep, or the problem with what is wrong in it. */
async function checkedOutput(service: Service, { namespace, type, version }: Task, output: Json): Promise<Json> {
  const checked = await service.types.checkOutput(namespace, type, version, output);
  if (checked.ok) return checked.output;
  throw new Problem(422, 'output_invalid', 'The output does not fit the type’s schema. The task is still yours.', {
    errors: checked.errors,
  });
}

function readError({ error }: JsonObject): { code: string; message: string; details?: Json } {
  const { code, message, details } = parseBody(FailBody, { error }, REFUSAL).error;
  return { code, message, ...(details === undefined ? {} : { details }) };
}
