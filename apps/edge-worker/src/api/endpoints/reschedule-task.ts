import { z } from '@hono/zod-openapi';
import { addressed, ask } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { answers, body, byId, TaskSchema } from '../schemas.ts';
import { readStart, START_RULE } from '../option-rules.ts';
import { taskAnswer } from '../task-answer.ts';
import { readVerb } from '../verb-request.ts';

/** Starts a task at another time; a time that has passed starts it now. */
export const rescheduleTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks/{id}/reschedule',
  scope: 'tasks:operate',
  docs: {
    summary: 'Start a task at another time',
    description: 'While nobody has begun it. Its timeouts count from the new time; a time that has passed starts it at once.',
    tags: ['Tasks'],
    request: { ...byId, ...body(z.object({ scheduledFor: z.iso.datetime({ offset: true }), reason: z.string().optional() })) },
    responses: answers(200, 'The task', TaskSchema),
  },
  async handle(call) {
    const target = addressed(call);
    const { body, asked } = await readVerb(call, ['scheduledFor']);
    const scheduledFor = readStart(body['scheduledFor'], call.service.now());
    if (scheduledFor === undefined)
      throw new Problem(422, 'input_invalid', 'The time was not understood. Nothing was changed.', {
        errors: [{ pointer: '#/scheduledFor', detail: body['scheduledFor'] === undefined ? 'is required' : START_RULE }],
      });
    return taskAnswer(await ask(target, { type: 'reschedule', scheduledFor, ...asked }), 200);
  },
});
