/** Compiles the request of an integration type. It is checked once, when the type is published; a call only fills it in. */
import type { Compiled } from '@errand/core/expression';
import type { JsonObject } from '@errand/core/json';
import { compileTemplate, compileTextTemplate, type Template, type TextTemplate } from '@errand/core/template';
import type { RequestTemplate } from '@errand/core/task-type';

/** The variables of a request's templates: those that make the call, and those that judge its answer. */
export const REQUEST_SCOPE = ['input', 'task'] as const;
export const RESPONSE_SCOPE = ['input', 'task', 'response'] as const;

/** Headers that belong to the connection, to the service or to HTTP itself. */
const RESERVED_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'errand-callback-url',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/** A request whose templates are compiled. */
export interface CompiledRequest {
  readonly connection: string;
  readonly method: string;
  readonly path: TextTemplate;
  readonly query: readonly (readonly [name: string, value: Template])[];
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body: Template | undefined;
  readonly output: Template;
  readonly waitFor: RequestTemplate['waitFor'];
  readonly waitWhen: Template;
  readonly correlation: Template | undefined;
}

/** Something wrong in a request. */
export interface RequestFault {
  /** Below `#/request`, as a JSON Pointer: `/path`, `/headers/x-a`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Compiles a request, or gives every fault in it. */
export function compileRequest(
  request: RequestTemplate,
): { readonly ok: true; readonly value: CompiledRequest } | { readonly ok: false; readonly faults: readonly RequestFault[] } {
  const faults: RequestFault[] = [];
  const take = <T>(pointer: string, compiled: Compiled<T>): T | undefined => {
    if (compiled.ok) return compiled.value;
    faults.push({ pointer, detail: compiled.detail });
    return undefined;
  };
  const members = (pointer: string, object: JsonObject): (readonly [string, Template])[] =>
    Object.entries(object).flatMap(([name, value]) => {
      const template = take(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, compileTemplate(value, REQUEST_SCOPE));
      return template === undefined ? [] : [[name, template] as const];
    });
  if (!METHOD.test(request.method)) faults.push({ pointer: '/method', detail: 'must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS' });
  faults.push(...pathFaults(request.path), ...headerFaults(request.headers), ...waitFaults(request));
  const path = take('/path', compileTextTemplate(request.path, REQUEST_SCOPE));
  const body = request.body === undefined ? undefined : take('/body', compileTemplate(request.body, REQUEST_SCOPE));
  const output = take('/output', compileTemplate(request.output, RESPONSE_SCOPE));
  const waitWhen = take('/waitWhen', compileTemplate(request.waitWhen, RESPONSE_SCOPE));
  const correlation =
    request.correlation === undefined ? undefined : take('/correlation', compileTemplate(request.correlation, RESPONSE_SCOPE));
  const query = members('/query', request.query);
  const headers = members('/headers', request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (faults.length > 0 || path === undefined || output === undefined || waitWhen === undefined) return { ok: false, faults };
  const { connection, method, waitFor } = request;
  return { ok: true, value: { connection, method, path, query, headers, body, output, waitFor, waitWhen, correlation } };
}

/**
 * Faults in the fixed part of a path, its expressions left out: a query, a fragment, `..`. What expressions give is checked in each
 * call.
 */
export function pathFaults(path: string): RequestFault[] {
  const words = path.replaceAll(/\$\{[^}]*\}/g, 'x');
  if (/[?#\\\s]/.test(words)) return [{ pointer: '/path', detail: 'must be a path alone: parameters belong into "query"' }];
  if (words.split('/').some(isDotSegment)) return [{ pointer: '/path', detail: 'must not hold the segments "." and ".."' }];
  return [];
}

/** Faults in the names of headers: no name at all, or one that the connection, the service or HTTP itself sets. */
export function headerFaults(headers: JsonObject): RequestFault[] {
  return Object.keys(headers).flatMap((name): RequestFault[] => {
    const pointer = `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!TOKEN.test(name)) return [{ pointer, detail: 'is no name of a header' }];
    return RESERVED_HEADERS.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-')
      ? [{ pointer, detail: 'is set by the service or the connection' }]
      : [];
  });
}

function waitFaults({ waitFor, correlation }: RequestTemplate): RequestFault[] {
  return waitFor === 'event' && correlation === undefined
    ? [{ pointer: '/correlation', detail: 'is required with "waitFor": "event"' }]
    : [];
}

/** Says whether a segment of a path is `.` or `..` in any spelling that a URL parser resolves. */
export function isDotSegment(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}
