import { z } from '@hono/zod-openapi';
import { becomeReady } from '../../become-ready.ts';
import { defineEndpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { answers } from '../schemas.ts';

const StatusSchema = z.object({ status: z.string() });

/** Liveness: says that the process answers. */
export const healthz = defineEndpoint({
  method: 'get',
  path: '/healthz',
  scope: 'none',
  docs: { summary: 'Is the process alive?', tags: ['Operations'], responses: answers(200, 'It is', StatusSchema) },
  handle: () => Response.json({ status: 'ok' }),
});

/** Readiness: brings the catalog up to date, and says whether tasks are accepted. Only in development does it say why they are not. */
export const readyz = defineEndpoint({
  method: 'get',
  path: '/readyz',
  scope: 'none',
  docs: { summary: 'Are tasks accepted?', tags: ['Operations'], responses: answers(200, 'They are', StatusSchema) },
  async handle({ service }) {
    try {
      await becomeReady(service);
    } catch (fault) {
      if (service.development === undefined) throw fault;
      const detail = fault instanceof Error ? fault.message : String(fault);
      throw new Problem(503, 'not_ready', detail, { headers: { 'retry-after': '1' } });
    }
    return Response.json({ status: 'ready' });
  },
});
