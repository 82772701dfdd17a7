import { z } from '@hono/zod-openapi';
import { explainWaiting } from '@errand/router/explain';
import { addressed, notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { answers, byId, RouteSchema } from '../schemas.ts';

const ExplanationSchema = z.object({
  status: z.string(),
  route: RouteSchema,
  waitingFor: z.array(z.object({ code: z.string(), detail: z.string(), until: z.iso.datetime().optional() })),
});

/** Says why a task has not ended. */
export const explainTask = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}/explain',
  scope: 'tasks:read',
  docs: {
    summary: 'Explain what a task waits for',
    description: 'The rule that routed it and why, and everything it waits for now; `until` is when that ends by itself.',
    tags: ['Tasks'],
    request: byId,
    responses: answers(200, 'The explanation', ExplanationSchema),
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    const found = await ledger.standing(id);
    if (found === null) throw notFound();
    const { task, standing } = found;
    const waitingFor = explainWaiting(task, standing, call.service.now()).map(({ until, ...blocker }) => ({
      ...blocker,
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    }));
    return Response.json({ status: task.status, route: task.route, waitingFor });
  },
});
