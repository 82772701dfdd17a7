/**
 * What an endpoint is: method, path, scope, documentation and handler, on one page. `endpoints.ts` lists them all; the routes, the
 * OpenAPI document and the tests that namespaces are isolated are made from that list, so no endpoint is forgotten in one of them.
 */
import type { RouteConfig } from '@hono/zod-openapi';
import type { Caller, Scope } from '../catalog/keys.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import type { Answer } from './answer.ts';
import type { Admission, Stay } from './admission.ts';
import type { ApiRequest } from './api-request.ts';
import type { Meter } from './meter.ts';
import type { Service } from './service.ts';

/** The parts of the API that its own endpoints use: `/metrics`, `/openapi.json`, and every one that is bounded. */
export interface Api {
  /** Counts requests, for `/metrics`. */
  readonly meter: Meter;
  /** Lets submits in, or refuses them. */
  readonly admission: Admission;
  /** The OpenAPI document, as text. */
  document(): string;
}

/** A request, and what its handler needs to answer it. */
export interface Call<Asked extends ApiRequest = Request> {
  readonly api: Api;
  readonly service: Service;
  readonly request: Asked;
  /** Values of the path's `{…}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Identifies the request in problems and in the log. */
  readonly traceId: string;
}

/** A request with a valid key that has the endpoint's scope. */
export interface KeyedCall<Asked extends ApiRequest = Request> extends Call<Asked> {
  readonly caller: Caller;
  readonly namespace: Namespace;
  /**
   * Gives back the place that a `bounded` endpoint's request takes. The handler calls it once everything is accepted and it only waits
   * for results; otherwise the place is given back with the answer.
   */
  readonly accepted: Stay['leave'];
}

interface EndpointBase {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /**
   * Parameters stand in braces. A verb of a collection follows a colon, `/v1/tasks:batch`; one of a member a slash,
   * `/v1/tasks/{id}/cancel`.
   */
  readonly path: string;
  /**
   * Set where requests submit or validate tasks: only so many of one namespace are handled at a time, the rest get a 429
   * before their bodies are read (`admission.ts`).
   */
  readonly bounded?: true;
  /** Content types of its answers, where JSON is not the only one. A request whose `Accept` fits none of them gets a 406. */
  readonly produces?: readonly string[];
  /** What the OpenAPI document says. Its schemas only document: a handler reads task data itself (see `parse-body.ts` for why). */
  readonly docs: Omit<RouteConfig, 'method' | 'path'>;
}

/** An endpoint for callers with a key that has its scope; `any` is a valid key, whatever its scopes. */
export interface KeyedEndpoint extends EndpointBase {
  readonly scope: Scope | 'any';
  readonly plain?: never;
  handle(call: KeyedCall): Promise<Response | Answer> | Response | Answer;
}

/**
 * A keyed endpoint that takes and gives plain data instead of `Request` and `Response`. Making these costs more than accepting a task
 * does, so a runtime may leave them out for the endpoints that are asked most.
 */
export interface PlainEndpoint extends EndpointBase {
  readonly scope: Scope | 'any';
  readonly plain: true;
  handle(call: KeyedCall<ApiRequest>): Promise<Answer> | Answer;
}

/** An endpoint that asks for no key: probes and documents, and requests that a token or a signature proves. */
export interface OpenEndpoint extends EndpointBase {
  readonly scope: 'none';
  readonly plain?: never;
  handle(call: Call): Promise<Response | Answer> | Response | Answer;
}

export type Endpoint = KeyedEndpoint | PlainEndpoint | OpenEndpoint;

/** Gives an endpoint back as it is: it is there for the compiler, which checks the parts and keeps their exact type. */
export function defineEndpoint<E extends Endpoint>(endpoint: E): E {
  return endpoint;
}
