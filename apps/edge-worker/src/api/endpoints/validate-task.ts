import { z } from '@hono/zod-openapi';
import { defineEndpoint } from '../endpoint.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, FieldErrorSchema, RouteSchema, SubmissionSchema } from '../schemas.ts';
import { judgeSubmission, submitterOf } from '../submit.ts';

const JudgementSchema = z.object({ valid: z.boolean(), errors: z.array(FieldErrorSchema), route: RouteSchema.optional() });

/** Says what a submit of this body would do, without doing it. */
export const validateTask = defineEndpoint({
  method: 'post',
  path: '/v1/tasks:validate',
  scope: 'tasks:submit',
  bounded: true,
  docs: {
    summary: 'Validate a task without submitting it',
    description: 'Says what a submit would refuse, and the route that the task would have; the route is there once the type is known.',
    tags: ['Tasks'],
    request: body(SubmissionSchema),
    responses: answers(200, 'The judgement', JudgementSchema),
  },
  async handle(call) {
    const { errors, route } = await judgeSubmission(submitterOf(call), await readJsonObject(call.request));
    return Response.json({ valid: errors.length === 0, errors, ...(route === undefined ? {} : { route }) });
  },
});
