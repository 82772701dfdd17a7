import { z } from '@hono/zod-openapi';
import { defineEndpoint } from '../endpoint.ts';

/** This API, described for machines. */
export const openApi = defineEndpoint({
  method: 'get',
  path: '/openapi.json',
  scope: 'none',
  docs: {
    summary: 'This document',
    tags: ['Operations'],
    responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: z.record(z.string(), z.any()) } } } },
  },
  handle: ({ api }) => new Response(api.document(), { headers: { 'content-type': 'application/json', 'cache-control': 'max-age=60' } }),
});
