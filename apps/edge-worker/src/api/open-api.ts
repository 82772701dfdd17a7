/** The OpenAPI document, made from the list of endpoints, so that it has every one of them and nothing else. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';

const DESCRIPTION = `Errand executes the individual tasks of workflows that others orchestrate: by code, by a person or by a third party.

Times are RFC 3339 in UTC with milliseconds, durations ISO 8601 without months or years, ids opaque. Whatever goes wrong is an
\`application/problem+json\` with a stable \`code\`, and pointers into the request body.`;

/** OpenAPI 3.1. */
export function openApiDocument(endpoints: readonly Endpoint[]): ReturnType<OpenAPIHono['getOpenAPI31Document']> {
  const documented = new OpenAPIHono();
  const registry = documented.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const { method, path, scope, docs } of endpoints) {
    const scoped = scope === 'none' || scope === 'any' ? '' : `Scope \`${scope}\`.`;
    const description = [docs.description, scoped].filter(Boolean).join('\n\n');
    registry.registerPath({
      ...docs,
      method,
      path,
      operationId: operationId(method, path),
      ...(description === '' ? {} : { description }),
      ...(scope === 'none' ? { security: [] } : {}),
    });
  }
  return documented.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Errand', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
  });
}

/** `POST /v1/tasks/{id}/retry-now` is `postTasksIdRetryNow`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/v1/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
