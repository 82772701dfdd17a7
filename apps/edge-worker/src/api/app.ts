/** The HTTP API: routes from the list of endpoints, and problems for whatever goes wrong on the way. */
import { Hono } from 'hono';
import { ASSET_PATHS, assetResponse } from './assets.ts';
import { authenticate } from './authenticate.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { notFound } from './addressed.ts';
import { Problem, problemResponse } from './problem.ts';
import type { Service } from './service.ts';

interface Context {
  Variables: { traceId: string };
}

/** Builds the API over a service. */
export function createApi(service: Service): Hono<Context> {
  const app = new Hono<Context>();
  app.use(async (c, next) => {
    c.set('traceId', traceIdOf(c.req.raw));
    await next();
  });
  app.onError((fault, c) => {
    if (fault instanceof Problem) return problemResponse(fault, c.get('traceId'));
    console.error(c.get('traceId'), fault);
    const headers = { 'retry-after': '1' };
    return problemResponse(new Problem(503, 'unavailable', 'The service could not answer. Try again.', { headers }), c.get('traceId'));
  });
  app.notFound((c) => problemResponse(notFound(), c.get('traceId')));
  const { assets } = service;
  if (assets !== undefined) app.on('GET', [...ASSET_PATHS], async (c, next) => (await assetResponse(assets, c.req.raw)) ?? (await next()));
  for (const endpoint of ENDPOINTS) {
    app.on(endpoint.method.toUpperCase(), honoPath(endpoint.path), (c) =>
      answer(endpoint, { service, request: c.req.raw, params: c.req.param(), query: c.req.query(), traceId: c.get('traceId') }),
    );
  }
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (c) => {
      const headers = { allow: methods.join(', ') };
      return problemResponse(
        new Problem(405, 'method_not_allowed', `This path takes ${methods.join(' and ')}.`, { headers }),
        c.get('traceId'),
      );
    });
  }
  return app;
}

async function answer(endpoint: Endpoint, call: Call): Promise<Response> {
  if (endpoint.scope === 'none') return await endpoint.handle(call);
  return await endpoint.handle({ ...call, ...(await authenticate(call.service, call.request, endpoint.scope)) });
}

/** `{id}` is `:id` to Hono. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of ENDPOINTS) methods.set(honoPath(path), [...(methods.get(honoPath(path)) ?? []), method.toUpperCase()]);
  return methods;
}

/** The caller's own trace (W3C Trace Context) where it sent one, so that its log and ours can be laid side by side. */
function traceIdOf(request: Request): string {
  return /^00-([0-9a-f]{32})-/.exec(request.headers.get('traceparent') ?? '')?.[1] ?? crypto.randomUUID().replaceAll('-', '');
}
