import { z } from '@hono/zod-openapi';
import type { Json } from '@errand/core/json';
import { isEnded, type Task } from '@errand/core/task';
import { addressed, currentTask } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { placeTask } from '../place-task.ts';
import { Problem } from '../problem.ts';
import { answers, body, byId, TaskSchema } from '../schemas.ts';
import { readSubmission, submitterOf, type Submission, type Submitter } from '../submit.ts';
import { taskAnswer } from '../task-answer.ts';
import { readVerb, type VerbRequest } from '../verb-request.ts';

/** Repeats an ended task as a new one, with another input where one is given. */
export const replayTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/replay',
  scope: 'tasks:operate',
  docs: {
    summary: 'Do an ended task over as a new one',
    description:
      'The new task names the old one in `replayOf`, has its options, and calls third parties under an idempotency key of its own: ' +
      'its effects happen once more. To try the same task again, redrive it. `Idempotency-Key` makes a repetition safe.',
    tags: ['Tasks'],
    request: { ...byId, ...body(z.object({ reason: z.string().optional(), input: z.any().optional() })) },
    responses: answers(201, 'The new task', TaskSchema),
  },
  async handle(call) {
    const target = addressed(call);
    const verb = await readVerb(call, ['input']);
    const source = await currentTask(target);
    requireReplayable(source, verb);
    const submission = await replayOf(submitterOf(call), source, verb, idempotencyKey(call.request));
    const { task, replayed } = await placeTask(call.service, submission);
    const headers = { location: `/v1/tasks/${task.id}`, ...(replayed ? { 'idempotency-replayed': 'true' } : {}) };
    return taskAnswer(task, replayed ? 200 : 201, headers);
  },
});

function requireReplayable(source: Task, { asked }: VerbRequest): void {
  if (asked.ifRevision !== undefined && asked.ifRevision !== source.revision)
    throw new Problem(
      412,
      'revision_mismatch',
      `The task is at revision ${source.revision}, which is not what was asked for. Read it again.`,
    );
  if (source.system) throw new Problem(409, 'wrong_state', 'A task of the service itself is not replayed.');
  if (!isEnded(source))
    throw new Problem(409, 'wrong_state', `A task that is ${source.status} cannot take "replay".`, { extra: { status: source.status } });
}

/**
 * The submission of the new task. It is read like any other, so that input and route are judged by today's types and rules; then it
 * gets the options that the old task had when it ended, which a patch may have changed.
 */
async function replayOf(submitter: Submitter, source: Task, { body, asked }: VerbRequest, key: string | undefined): Promise<Submission> {
  const { type, version, priority, metadata, callbackUrl } = source;
  const typeTags = (await submitter.service.types.find(source.namespace, type, version))?.type.tags ?? [];
  const submission = await readSubmission(
    submitter,
    {
      type,
      version,
      input: (Object.hasOwn(body, 'input') ? body['input'] : source.input) as Json,
      priority,
      metadata,
      tags: source.tags.filter((tag) => !typeTags.includes(tag)),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    },
    key,
  );
  const { command, idempotency } = submission.command;
  if (command.type !== 'submit') throw new Error('A submission submits.');
  const { retry, timeouts, ttlMs, tags } = source;
  const spec = { ...command.spec, retry, timeouts, tags, replayOf: source.id, ...(ttlMs === undefined ? {} : { ttlMs }) };
  return {
    ...submission,
    command: {
      ...submission.command,
      command: { ...command, spec, ...(asked.reason === undefined ? {} : { reason: asked.reason }) },
      ...(idempotency === undefined ? {} : { idempotency: { ...idempotency, digest: `replay ${source.id} ${idempotency.digest}` } }),
    },
  };
}
