/** The `request` of an integration type: an HTTP call whose texts are templates, compiled when it is published. */
import { z } from '@hono/zod-openapi';
import { compileExpression } from '@errand/core/expression';
import type { Json, JsonObject } from '@errand/core/json';
import type { RequestTemplate } from '@errand/core/task-type';
import { templateFaults } from '@errand/core/template-faults';
import { json, jsonObject, text } from './fields.ts';

/** What a template may name before there is an answer, and once there is one. */
const BEFORE = ['input', 'task'] as const;
const AFTER = [...BEFORE, 'response'] as const;

/** Headers of a call that are the service's own to set, or the connection's. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'idempotency-key',
  'errand-callback-url',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
]);
/** A field name (RFC 9110, section 5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]{1,100}$/;
const MAX_TEXT = 4_000;

const path = text(MAX_TEXT)
  .refine(
    (written) => written.startsWith('/') && !written.startsWith('//'),
    'must begin with one "/": it is joined to the base URL of the connection',
  )
  .superRefine(compiles(BEFORE));

export const RequestSchema = z
  .strictObject({
    connection: text(100),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    path,
    query: jsonObject.superRefine(flatTexts).superRefine(compiles(BEFORE)).default({}),
    headers: jsonObject.superRefine(headerNames).superRefine(flatTexts).superRefine(compiles(BEFORE)).default({}),
    body: json.superRefine(compiles(BEFORE)).optional(),
    output: json.superRefine(compiles(AFTER)).default('${response.body}'),
    waitFor: z.enum(['none', 'callback', 'event']).default('none'),
    waitWhen: text(MAX_TEXT).superRefine(isCondition).default('${response.status == 202}'),
    correlation: text(MAX_TEXT).superRefine(compiles(AFTER)).optional(),
  })
  .superRefine((request, context) => {
    if (request.waitFor === 'event' && request.correlation === undefined)
      context.addIssue({
        code: 'custom',
        path: ['correlation'],
        message: 'is required with waitFor "event": it is the key a hook will name',
      });
    if (request.body !== undefined && (request.method === 'GET' || request.method === 'HEAD'))
      context.addIssue({ code: 'custom', path: ['body'], message: `cannot be sent with ${request.method}` });
  })
  .openapi('RequestTemplate');

/** A request as it was read, without members that are absent. */
export function requestOf({ body, correlation, ...rest }: z.output<typeof RequestSchema>): RequestTemplate {
  return { ...rest, ...(body === undefined ? {} : { body }), ...(correlation === undefined ? {} : { correlation }) };
}

function compiles(names: readonly string[]) {
  return (value: Json, context: z.RefinementCtx): void => {
    for (const fault of templateFaults(value, names)) context.addIssue({ code: 'custom', path: [...fault.path], message: fault.detail });
  };
}

/** What is between the first `${` and the last `}` must be one expression: two of them would be joined as text, which is never true. */
function isCondition(value: string, context: z.RefinementCtx): void {
  const inner = /^\$\{([\s\S]*)\}$/.exec(value)?.[1];
  const compiled = inner === undefined ? undefined : compileExpression(inner, AFTER);
  if (compiled?.ok === true) return;
  context.addIssue({
    code: 'custom',
    message: `must be one \${…} that is true or false${compiled === undefined ? '' : `: ${compiled.detail}`}`,
  });
}

function flatTexts(value: JsonObject, context: z.RefinementCtx): void {
  for (const [name, member] of Object.entries(value))
    if (typeof member === 'object') context.addIssue({ code: 'custom', path: [name], message: 'must be a text, a number or a boolean' });
}

function headerNames(value: JsonObject, context: z.RefinementCtx): void {
  for (const name of Object.keys(value)) {
    if (!HEADER_NAME.test(name)) context.addIssue({ code: 'custom', path: [name], message: 'is no name of a header' });
    else if (OWN_HEADERS.has(name.toLowerCase()))
      context.addIssue({ code: 'custom', path: [name], message: 'is set by the service: leave it out' });
  }
}
