import { z } from '@hono/zod-openapi';
import { addressed, notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { isKnownTo } from '../entity-tags.ts';
import { wholeNumber } from '../list-filter.ts';
import { answers, byId, TaskSchema } from '../schemas.ts';
import { MAX_WAIT_S, taskAnswer } from '../task-answer.ts';

/** Reads a task: as it is, or by long poll as soon as it has changed. */
export const readTask = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}',
  scope: 'tasks:read',
  plain: true,
  docs: {
    summary: 'Read a task',
    description:
      'With `wait` and `ifRevisionGreaterThan` it is a long poll: it answers once the task has a higher revision, or after the wait.',
    tags: ['Tasks'],
    request: { ...byId, query: z.object({ wait: z.string().optional(), ifRevisionGreaterThan: z.string().optional() }) },
    responses: answers(200, 'The task', TaskSchema),
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    const waitS = Math.min(wholeNumber(call.query, 'wait') ?? 0, MAX_WAIT_S);
    const revision = wholeNumber(call.query, 'ifRevisionGreaterThan') ?? 0;
    const task = waitS > 0 ? await ledger.waitFor(id, revision, waitS * 1_000) : ((await ledger.read([id]))[0] ?? null);
    if (task === null) throw notFound();
    const etag = `"${task.revision}"`;
    if (isKnownTo(call.request.headers.get('if-none-match'), etag)) return { status: 304, headers: { etag }, body: null };
    return taskAnswer(task, 200);
  },
});
