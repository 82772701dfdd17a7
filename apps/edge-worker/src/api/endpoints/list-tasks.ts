import { z } from '@hono/zod-openapi';
import { countAcross, listAcross } from '../across.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { defineEndpoint } from '../endpoint.ts';
import { FILTER_NAMES, listFilter } from '../list-filter.ts';
import { pageQuery, readLimit } from '../page.ts';
import { answers, pageOf, TaskSchema } from '../schemas.ts';
import { taskView } from '../task-view.ts';

const filters = z.object(Object.fromEntries(FILTER_NAMES.map((name) => [name, z.string().optional()])));
const CountSchema = z.object({ count: z.int(), byStatus: z.record(z.string(), z.int()) });

/** Tasks of the namespace, newest first. */
export const listTasks = defineEndpoint({
  method: 'get',
  path: '/v1/tasks',
  scope: 'tasks:read',
  docs: {
    summary: 'List tasks',
    tags: ['Tasks'],
    request: { query: filters.extend(pageQuery.shape) },
    responses: answers(200, 'A page, newest first', pageOf(TaskSchema)),
  },
  async handle({ service, namespace, query }) {
    const about = `${namespace.name} tasks`;
    const before = readCursor(service.cursorKey, about, query['cursor']);
    const { items, next } = await listAcross(service, namespace, listFilter(query), before, readLimit(query));
    return Response.json({ items: items.map(taskView), nextCursor: next === null ? null : writeCursor(service.cursorKey, about, next) });
  },
});

/** How many tasks a filter lets through. */
export const countTasks = defineEndpoint({
  method: 'get',
  path: '/v1/tasks:count',
  scope: 'tasks:read',
  docs: { summary: 'Count tasks', tags: ['Tasks'], request: { query: filters }, responses: answers(200, 'The count', CountSchema) },
  async handle({ service, namespace, query }) {
    const byStatus = await countAcross(service, namespace, listFilter(query));
    return Response.json({ count: Object.values(byStatus).reduce((sum, n) => sum + n, 0), byStatus });
  },
});
