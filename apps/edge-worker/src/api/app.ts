/**
 * The HTTP API, made of the list of endpoints. What happens to a request: its path finds an endpoint; its key says who calls and whether
 * they may; a submit takes a place (`admission.ts`), and where namespaces share a thread it waits for its turn; then the endpoint answers.
 * Whatever throws on the way becomes a problem. Every answer carries its trace id and is counted for the metrics.
 */
import { Hono } from 'hono';
import { requireAcceptable } from './accept.ts';
import { Admission, type Stay } from './admission.ts';
import { ASSET_PATHS, assetResponse } from './assets.ts';
import { notFound } from './addressed.ts';
import { authenticate } from './authenticate.ts';
import { responseOf, type Answer } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import type { Api, Call, Endpoint, KeyedCall } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { requireKnown } from './known-query.ts';
import { Meter } from './meter.ts';
import { plainRoutes } from './plain-routes.ts';
import { openApiDocument } from './open-api.ts';
import { Problem, problemOfFault, problemAnswer } from './problem.ts';
import { discardBody } from './read-body.ts';
import { readQuery, requirePlainPath } from './read-query.ts';
import type { Service } from './service.ts';
import { traceHeader, traceIdOf } from './trace.ts';

/** The API as runtimes serve it. */
export interface ServedApi {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /**
   * Answers what is asked most, without a `Request` and a `Response`; `undefined` for everything else, which is for `fetch`.
   * `target` is the path with its query.
   */
  readonly answerPlain: (request: ApiRequest, target: string) => Promise<Answer> | undefined;
}

/** Builds the API over a service. */
export function createApi(service: Service): ServedApi {
  const app = new Hono();
  const api: Api = {
    meter: new Meter(),
    admission: new Admission(service.places, service),
    document: once(() => JSON.stringify(openApiDocument(ENDPOINTS))),
  };
  const { assets } = service;
  if (assets !== undefined) app.on('GET', [...ASSET_PATHS], async (c, next) => (await assetResponse(assets, c.req.raw)) ?? (await next()));
  for (const endpoint of ENDPOINTS) {
    app.on(endpoint.method.toUpperCase(), honoPath(endpoint.path), async (c) => {
      const traceId = traceIdOf(c.req.raw);
      const call = { api, service, request: c.req.raw, params: c.req.param(), traceId };
      return asResponse(await answer(endpoint, call, c.req.queries(), (keyed) => endpoint.handle(keyed)));
    });
  }
  for (const [path, methods] of methodsByPath()) app.all(path, (c) => otherMethod(c.req.raw, methods));
  // For what has no endpoint: an unknown path, or one that the router could not read.
  const nothing = (request: Request, fault: unknown): Response => {
    const traceId = traceIdOf(request);
    return responseOf(traced(problemAnswer(problemOfFault(fault, traceId), traceId), traceId));
  };
  app.notFound((c) => nothing(c.req.raw, notFound()));
  app.onError((fault, c) => nothing(c.req.raw, fault));
  const routeOf = plainRoutes(ENDPOINTS);
  const answerPlain = (request: ApiRequest, target: string): Promise<Answer> | undefined => {
    const route = routeOf(request.method, target);
    if (route === undefined) return undefined;
    const { endpoint, params } = route;
    const call = { api, service, request, params, traceId: traceIdOf(request) };
    return answer(endpoint, call, NO_QUERIES, (keyed) => endpoint.handle(keyed));
  };
  return {
    answerPlain,
    // What is asked most goes without Hono, which parses the whole URL and makes an object of its own for each request.
    fetch: (request) => answerPlain(request, targetOf(request.url))?.then(responseOf) ?? app.fetch(request),
  };
}

/** What follows the origin in an absolute URL. */
function targetOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('://') + 3));
}

type Queries = Readonly<Record<string, readonly string[]>>;
type Unread<Asked extends ApiRequest> = Omit<Call<Asked>, 'query'>;

const NO_QUERIES: Queries = {};

/** Answers a request for an endpoint: the steps that all endpoints share, around `handle`. Never throws. */
async function answer<Asked extends ApiRequest, Given extends Answer | Response>(
  endpoint: Endpoint,
  call: Unread<Asked>,
  queries: Queries,
  handle: (call: KeyedCall<Asked>) => Promise<Given> | Given,
): Promise<Given | Answer> {
  const { api, service, request, traceId } = call;
  const startedAt = service.now();
  let given: Given | Answer;
  let leave: Stay['leave'] = nothingToLeave;
  try {
    requireAcceptable(request, endpoint.produces);
    // Who calls is asked first: whoever has no key learns nothing else. An endpoint without a scope looks at no caller.
    const who = endpoint.scope === 'none' ? undefined : await authenticate(service, request, endpoint.scope);
    if (who !== undefined) {
      if (endpoint.bounded === true) {
        const stay = await enter(api.admission, who.namespace.name, request);
        leave = stay.leave;
        if (stay.turn !== undefined) await stay.turn;
      }
      const turn = service.turn?.(who.namespace.name, 1);
      if (turn !== undefined) await turn;
    }
    requirePlainPath(call.params);
    // Who has no key may have been given a URL, and puts into it what they like: nothing is read of that.
    const query = who === undefined ? {} : readQuery(queries);
    requireKnown(endpoint, query);
    given = await handle({ ...call, ...who, accepted: leave, query } as KeyedCall<Asked>);
  } catch (fault) {
    await discardBody(request, service.drainedBytes);
    given = problemAnswer(problemOfFault(fault, traceId), traceId);
  } finally {
    leave();
  }
  api.meter.answered(request.method, endpoint.path, given.status);
  // A wait that the caller asked for is no latency of ours.
  if (endpoint.path === '/v1/tasks' && endpoint.method === 'post' && !request.headers.has('prefer'))
    api.meter.submitted(service.now() - startedAt);
  return traced(given, traceId);
}

/** Takes a place for a submit before anything of its body is read. Throws the refusal where there is none. */
async function enter(admission: Admission, namespace: string, { headers }: ApiRequest): Promise<Stay> {
  const stay = admission.enter(namespace, Number(headers.get('content-length') ?? 0));
  if (stay === undefined) throw await admission.refusal();
  return stay;
}

function nothingToLeave(): void {}

/** OPTIONS says what a path takes. No answer allows another origin: keys are for servers, and a browser's page has its own origin. */
function otherMethod(request: Request, methods: readonly string[]): Response {
  const traceId = traceIdOf(request);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return responseOf(traced({ status: 204, headers: { allow }, body: null }, traceId));
  const problem = new Problem(405, 'method_not_allowed', `This path takes ${methods.join(' and ')}.`, { headers: { allow } });
  return responseOf(traced(problemAnswer(problem, traceId), traceId));
}

function traced<Given extends Answer | Response>(given: Given, traceId: string): Given | Answer {
  if (!(given instanceof Response)) return { ...given, headers: { ...given.headers, traceresponse: traceHeader(traceId) } };
  given.headers.set('traceresponse', traceHeader(traceId));
  return given;
}

function asResponse(given: Answer | Response): Response {
  return given instanceof Response ? given : responseOf(given);
}

/** A path as Hono writes it: `{id}` is `:id`. */
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
