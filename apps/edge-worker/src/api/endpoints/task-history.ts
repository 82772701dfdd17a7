import { z } from '@hono/zod-openapi';
import { addressed, notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { answers, byId } from '../schemas.ts';
import { attemptView, eventView } from '../task-view.ts';

/** What happened to a task, gap-free from 1. */
export const taskEvents = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}/events',
  scope: 'tasks:read',
  docs: {
    summary: 'Events of a task',
    tags: ['Tasks'],
    request: byId,
    responses: answers(200, 'Its events', z.object({ items: z.array(z.any()) })),
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    const events = await ledger.events(id, 0);
    if (events === null) throw notFound();
    return Response.json({ items: events.map(eventView) });
  },
});

/** Every try at a task, with its log. */
export const taskAttempts = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}/attempts',
  scope: 'tasks:read',
  docs: {
    summary: 'Attempts of a task',
    tags: ['Tasks'],
    request: byId,
    responses: answers(200, 'Its attempts', z.object({ items: z.array(z.any()) })),
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    const attempts = await ledger.attempts(id);
    if (attempts === null) throw notFound();
    return Response.json({ items: attempts.map(attemptView) });
  },
});
