import type { JsonObject } from '@errand/core/json';
import { defineEndpoint } from '../endpoint.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { isAboutContent, tasksMadeBefore } from '../known-keys.ts';
import { placeTask, type Placed } from '../place-task.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, SubmissionSchema, TaskSchema } from '../schemas.ts';
import { readSubmission, submitterOf, type Submission, type Submitter } from '../submit.ts';
import { preferredWaitMs, taskAnswer, waitForEnd } from '../task-answer.ts';

/** Accepts one task. It is validated, routed and on the disk before the answer is 201. */
export const submitTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks',
  scope: 'tasks:submit',
  plain: true,
  bounded: true,
  docs: {
    summary: 'Submit a task',
    description:
      'With an `Idempotency-Key` a repetition answers the task that exists. `Prefer: wait=20` answers when it has ended, or after 20 s.',
    tags: ['Tasks'],
    request: body(SubmissionSchema),
    responses: answers(201, 'The task', TaskSchema),
  },
  async handle(call) {
    const { service, request, accepted } = call;
    const body = await readJsonObject(request);
    const { object, task: placed, replayed } = await submit(submitterOf(call), body, idempotencyKey(request));
    // From here on the request only waits for a result, so its place is free for another submit.
    accepted();
    const task = await waitForEnd(service, object, placed, preferredWaitMs(request));
    const headers = { location: `/v1/tasks/${task.id}`, ...(replayed ? { 'idempotency-replayed': 'true' } : {}) };
    return taskAnswer(task, replayed ? 200 : 201, headers);
  },
});

async function submit(submitter: Submitter, body: JsonObject, key: string | undefined): Promise<Placed> {
  let submission: Submission;
  try {
    submission = await readSubmission(submitter, body, key);
  } catch (fault) {
    const [made] = key !== undefined && isAboutContent(fault) ? await tasksMadeBefore(submitter, [{ key, body }]) : [];
    if (made === undefined) throw fault;
    return made;
  }
  return placeTask(submitter.service, submission);
}
