import { z } from '@hono/zod-openapi';
import { objectName } from '../../address.ts';
import { ensureCatalog } from '../../catalog/bootstrap.ts';
import { defineEndpoint } from '../endpoint.ts';
import { answers } from '../schemas.ts';

const StatusSchema = z.object({ status: z.string() });

/** Says that the process answers. */
export const healthz = defineEndpoint({
  method: 'get',
  path: '/healthz',
  scope: 'none',
  docs: { summary: 'Is the process alive?', tags: ['Operations'], responses: answers(200, 'It is', StatusSchema) },
  handle: () => Response.json({ status: 'ok' }),
});

/** Says that tasks are accepted: the catalog is up to date and a ledger answers. */
export const readyz = defineEndpoint({
  method: 'get',
  path: '/readyz',
  scope: 'none',
  docs: { summary: 'Are tasks accepted?', tags: ['Operations'], responses: answers(200, 'They are', StatusSchema) },
  async handle({ service }) {
    await ensureCatalog(service);
    await service.objects.get(objectName('default', { place: 0, object: 'ledger', shard: 0 })).touch();
    return Response.json({ status: 'ready' });
  },
});
