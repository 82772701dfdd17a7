/** The request of an integration type, compiled: what it names is checked once, and a call only fills it in. */
import type { Compiled } from '@errand/core/expression';
import type { JsonObject } from '@errand/core/json';
import { compileTemplate, compileTextTemplate, type Template, type TextTemplate } from '@errand/core/template';
import type { RequestTemplate } from '@errand/core/task-type';

/** What a request's templates may name, before and after the answer. */
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

/** A fault of a request template, where it is. */
export interface RequestFault {
  /** Below `#/request`, as a JSON Pointer: `/path`, `/headers/x-a`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Compiles a request, or says everything that is wrong with it. */
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

/** The path's own words, without its expressions, must be a path and nothing more. */
export function pathFaults(path: string): RequestFault[] {
  const words = path.replaceAll(/\$\{[^}]*\}/g, 'x');
  if (/[?#\\\s]/.test(words)) return [{ pointer: '/path', detail: 'must be a path alone: parameters belong into "query"' }];
  if (words.split('/').some(isDotSegment)) return [{ pointer: '/path', detail: 'must not hold the segments "." and ".."' }];
  return [];
}

/** Names that are no headers of a type's to set. */
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

/** `.` and `..` in any spelling that a URL parser folds. */
export function isDotSegment(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}
