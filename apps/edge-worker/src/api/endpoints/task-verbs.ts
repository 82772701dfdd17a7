import { z } from '@hono/zod-openapi';
import { addressed, ask } from '../addressed.ts';
import { defineEndpoint, type KeyedEndpoint } from '../endpoint.ts';
import { answers, body, byId, TaskSchema } from '../schemas.ts';
import { taskAnswer } from '../task-answer.ts';
import { readVerb } from '../verb-request.ts';

const SUMMARIES = {
  cancel: 'Cancel a task',
  pause: 'Pause a task',
  resume: 'Resume a paused task',
  'retry-now': 'Start the next attempt now',
  redrive: 'Try an ended task again, with a fresh budget',
  skip: 'End a task without a result',
} as const;

/** The verbs whose only member is a reason, one endpoint each. Which status takes which verb is decided in `core/lifecycle/decide.ts`. */
export const taskVerbs: readonly KeyedEndpoint[] = (Object.keys(SUMMARIES) as (keyof typeof SUMMARIES)[]).map((verb) =>
  defineEndpoint({
    method: 'post',
    path: `/v1/tasks/{id}/${verb}`,
    scope: 'tasks:operate',
    docs: {
      summary: SUMMARIES[verb],
      tags: ['Tasks'],
      request: { ...byId, ...body(z.object({ reason: z.string().optional() })) },
      responses: answers(200, 'The task', TaskSchema),
    },
    async handle(call) {
      const task = addressed(call);
      const { asked } = await readVerb(call);
      return taskAnswer(await ask(task, { type: verb, ...asked }), 200);
    },
  }),
);
