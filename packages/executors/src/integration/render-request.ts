/**
 * Fills in a compiled request with a task's data. Whatever the input holds, the call stays below the connection's base URL: values
 * are escaped in the path, and the parsed URL is compared with the intended one, because URL parsers resolve `..` and rewrite
 * slashes.
 */
import { ExpressionFault, type Scope } from '@errand/core/expression';
import { isJsonObject, type Json } from '@errand/core/json';
import { asText } from '@errand/core/template';
import type { Connection, Credential } from './connection.ts';
import { isDotSegment, type CompiledRequest } from './request-template.ts';

/** Headers that the service adds to every call, or to one that waits for a callback. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
export const CALLBACK_URL_HEADER = 'errand-callback-url';
const MAX_HEADER_LENGTH = 8_192;
const MAX_URL_LENGTH = 8_192;

export interface RenderedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Renders a request. Throws {@link ExpressionFault} where input and template do not make one. */
export function renderRequest(request: CompiledRequest, connection: Connection, credential: Credential, scope: Scope): RenderedRequest {
  const url = urlOf(request, connection.baseUrl, scope);
  if (credential.query !== undefined) url.searchParams.set(...credential.query);
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'Errand' };
  for (const [name, template] of request.headers) headers[name] = headerValue(name, template.render(scope));
  if (credential.header !== undefined) headers[credential.header[0]] = credential.header[1];
  const hasBody = request.body !== undefined && request.method !== 'GET' && request.method !== 'HEAD';
  if (!hasBody) return { url: url.href, method: request.method, headers };
  const type = headers['content-type'] ?? 'application/json';
  return {
    url: url.href,
    method: request.method,
    headers: { ...headers, 'content-type': type },
    body: bodyText(type, request.body.render(scope)),
  };
}

function urlOf(request: CompiledRequest, baseUrl: string, scope: Scope): URL {
  const base = new URL(baseUrl);
  const path = request.path.render(scope, pathPart);
  if (path.split('/').some(isDotSegment)) throw new ExpressionFault('the path would hold a segment that means another path');
  const meant = `${base.pathname.replace(/\/$/, '')}${path === '' || path.startsWith('/') ? path : `/${path}`}` || '/';
  const url = URL.parse(`${base.origin}${meant}`);
  if (url === null || url.origin !== base.origin || decoded(url.pathname) !== decoded(meant) || url.search !== '' || url.hash !== '')
    throw new ExpressionFault('the path does not stay below the connection’s base URL');
  url.search = base.search;
  for (const [name, template] of request.query) {
    const value = template.render(scope);
    for (const one of Array.isArray(value) ? value : [value]) if (one !== null) url.searchParams.append(name, asText(one));
  }
  if (url.href.length > MAX_URL_LENGTH) throw new ExpressionFault(`the URL would have more than ${MAX_URL_LENGTH} characters`);
  return url;
}

/** A value as part of the path: escaped, slashes included. Empty and compound values are refused, for they would make another path. */
function pathPart(value: Json): string {
  if (value === null || typeof value === 'object') throw new ExpressionFault('a value in the path is no text and no number');
  const text = encodeURIComponent(String(value));
  if (text === '') throw new ExpressionFault('a value in the path is empty');
  return text;
}

/** The path without escapes, to compare paths that the URL parser may have spelled differently. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ExpressionFault('the path is not escaped as a path must be');
  }
}

function headerValue(name: string, value: Json): string {
  const text = asText(value);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text) || text.length > MAX_HEADER_LENGTH)
    throw new ExpressionFault(`the header ${name} would hold a line break, a character beyond Latin-1, or too much`);
  return text.trim();
}

/** The body by its content type: a form from an object, text as it is, JSON for everything else. */
function bodyText(type: string, value: Json): string {
  if (/^application\/x-www-form-urlencoded\b/i.test(type) && isJsonObject(value)) {
    const form = new URLSearchParams();
    for (const [name, member] of Object.entries(value))
      for (const one of Array.isArray(member) ? member : [member]) if (one !== null) form.append(name, asText(one));
    return form.toString();
  }
  return typeof value === 'string' && !/\bjson\b/i.test(type) ? value : JSON.stringify(value);
}
