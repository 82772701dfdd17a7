/** The HTTP API: routes from the list of endpoints, and problems for whatever goes wrong on the way. */
import { Hono } from 'hono';
import { requireAcceptable } from './accept.ts';
import { ASSET_PATHS, assetResponse } from './assets.ts';
import { notFound } from './addressed.ts';
import { authenticate } from './authenticate.ts';
import type { Api, Call, Endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { Meter } from './meter.ts';
import { openApiDocument } from './open-api.ts';
import { Problem, problemOfFault, problemResponse } from './problem.ts';
import { discardBody } from './read-body.ts';
import { readQuery, requirePlainPath } from './read-query.ts';
import type { Service } from './service.ts';
import { traceHeader, traceIdOf } from './trace.ts';

/** Builds the API over a service. */
export function createApi(service: Service): Hono {
  const app = new Hono();
  const api: Api = { meter: new Meter(), document: once(() => JSON.stringify(openApiDocument(ENDPOINTS))) };
  const { assets } = service;
  if (assets !== undefined) app.on('GET', [...ASSET_PATHS], async (c, next) => (await assetResponse(assets, c.req.raw)) ?? (await next()));
  for (const endpoint of ENDPOINTS) {
    app.on(endpoint.method.toUpperCase(), honoPath(endpoint.path), (c) =>
      answer(endpoint, { api, service, request: c.req.raw, params: c.req.param(), traceId: traceIdOf(c.req.raw) }, c.req.queries()),
    );
  }
  for (const [path, methods] of methodsByPath()) app.all(path, (c) => otherMethod(c.req.raw, methods));
  // Whatever has no path here: an unknown one, or one that the router could not read.
  const nothing = (request: Request, fault: unknown): Response => {
    const traceId = traceIdOf(request);
    return traced(problemResponse(problemOfFault(fault, traceId), traceId), traceId);
  };
  app.notFound((c) => nothing(c.req.raw, notFound()));
  app.onError((fault, c) => nothing(c.req.raw, fault));
  return app;
}

type Unread = Omit<Call, 'query'>;
type Queries = Readonly<Record<string, readonly string[]>>;

async function answer(endpoint: Endpoint, call: Unread, queries: Queries): Promise<Response> {
  const { api, service, request, traceId } = call;
  const startedAt = service.now();
  let response: Response;
  try {
    response = await handle(endpoint, call, queries);
  } catch (fault) {
    await discardBody(request);
    response = problemResponse(problemOfFault(fault, traceId), traceId);
  }
  api.meter.answered(request.method, endpoint.path, response.status);
  // A wait that the caller asked for is no latency of ours.
  if (endpoint.path === '/v1/tasks' && endpoint.method === 'post' && !request.headers.has('prefer'))
    api.meter.submitted(service.now() - startedAt);
  return traced(response, traceId);
}

/** Who calls is asked first: whoever has no key learns nothing else. */
async function handle(endpoint: Endpoint, call: Unread, queries: Queries): Promise<Response> {
  requireAcceptable(call.request, endpoint.produces);
  if (endpoint.scope === 'none') return await endpoint.handle({ ...call, query: readUrl(call, queries) });
  const who = await authenticate(call.service, call.request, endpoint.scope);
  return await endpoint.handle({ ...call, ...who, query: readUrl(call, queries) });
}

function readUrl({ params }: Unread, queries: Queries): Call['query'] {
  requirePlainPath(params);
  return readQuery(queries);
}

/** OPTIONS says what a path takes. No answer allows another origin: keys are for servers, and a browser's page has its own origin. */
function otherMethod(request: Request, methods: readonly string[]): Response {
  const traceId = traceIdOf(request);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return traced(new Response(null, { status: 204, headers: { allow } }), traceId);
  const problem = new Problem(405, 'method_not_allowed', `This path takes ${methods.join(' and ')}.`, { headers: { allow } });
  return traced(problemResponse(problem, traceId), traceId);
}

function traced(response: Response, traceId: string): Response {
  response.headers.set('traceresponse', traceHeader(traceId));
  return response;
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

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
