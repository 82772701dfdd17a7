import { z } from '@hono/zod-openapi';
import { defineEndpoint } from '../endpoint.ts';
import { answers } from '../schemas.ts';

const MeSchema = z.object({
  keyId: z.string(),
  namespace: z.string(),
  scopes: z.array(z.string()),
  person: z.object({ id: z.string(), name: z.string().optional(), groups: z.array(z.string()) }).optional(),
});

/** Says who calls, and what they may do. */
export const readMe = defineEndpoint({
  method: 'get',
  path: '/v1/me',
  scope: 'any',
  docs: { summary: 'Who am I?', tags: ['Keys'], responses: answers(200, 'The caller', MeSchema) },
  handle: ({ caller: { keyId, namespace, scopes, person } }) =>
    Response.json({ keyId, namespace, scopes, ...(person === undefined ? {} : { person }) }),
});
