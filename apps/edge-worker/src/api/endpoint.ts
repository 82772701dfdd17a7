/**
 * An endpoint: method, path, scope, documentation and handler on one page. `endpoints.ts` lists them all; the routes, the
 * OpenAPI document and the tests of isolation are made from that list, so none can be forgotten.
 */
import type { RouteConfig } from '@hono/zod-openapi';
import type { Caller, Scope } from '../catalog/keys.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import type { Answer } from './answer.ts';
import type { Admission, Stay } from './admission.ts';
import type { ApiRequest } from './api-request.ts';
import type { Meter } from './meter.ts';
import type { Service } from './service.ts';

/** What the API knows of itself. */
export interface Api {
  readonly meter: Meter;
  readonly admission: Admission;
  /** The OpenAPI document, as text. */
  document(): string;
}

/** A request on its way through the API. */
export interface Call<Asked extends ApiRequest = Request> {
  readonly api: Api;
  readonly service: Service;
  readonly request: Asked;
  /** Values of the path's `{…}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly traceId: string;
}

/** A request with a valid key that has the endpoint's scope. */
export interface KeyedCall<Asked extends ApiRequest = Request> extends Call<Asked> {
  readonly caller: Caller;
  readonly namespace: Namespace;
  /** A bounded endpoint calls it when all that was asked is accepted: what it waits for afterwards takes no place of others. */
  readonly accepted: Stay['leave'];
}

interface EndpointBase {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters in braces: `/v1/tasks/{id}/cancel`. `:verb` on collections, `/verb` on members. */
  readonly path: string;
  /** It makes work: so many at a time of one namespace are let in, and the rest are refused before they are read. */
  readonly bounded?: true;
  /** Content types of its answers, where it gives any but JSON. An `Accept` that none of them fits is 406. */
  readonly produces?: readonly string[];
  /** What the OpenAPI document says of it. Schemas here document; only bodies without task data are parsed by them. */
  readonly docs: Omit<RouteConfig, 'method' | 'path'>;
}

/** An endpoint for callers with a key. `any` asks for a valid key and no scope. */
export interface KeyedEndpoint extends EndpointBase {
  readonly scope: Scope | 'any';
  readonly plain?: never;
  handle(call: KeyedCall): Promise<Response | Answer> | Response | Answer;
}

/** One that is asked so often that a runtime may spare itself `Request` and `Response`: plain data in and out. */
export interface PlainEndpoint extends EndpointBase {
  readonly scope: Scope | 'any';
  readonly plain: true;
  handle(call: KeyedCall<ApiRequest>): Promise<Answer> | Answer;
}

/** An endpoint without a key: probes, documents, and what proves itself by a token or a signature. */
export interface OpenEndpoint extends EndpointBase {
  readonly scope: 'none';
  readonly plain?: never;
  handle(call: Call): Promise<Response | Answer> | Response | Answer;
}

export type Endpoint = KeyedEndpoint | PlainEndpoint | OpenEndpoint;

/** Names the parts of an endpoint for the reader and the compiler; gives it back as it is. */
export function defineEndpoint<E extends Endpoint>(endpoint: E): E {
  return endpoint;
}
