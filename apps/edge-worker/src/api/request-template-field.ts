/** The `request` of an integration type: an HTTP call whose texts are templates, compiled when it is published. */
import { z } from '@hono/zod-openapi';
import { compileExpression } from '@errand/core/expression';
import type { Json, JsonObject } from '@errand/core/json';
import type { RequestTemplate } from '@errand/core/task-type';
import { templateFaults } from '@errand/core/template-faults';
import { headerFaults, pathFaults, REQUEST_SCOPE, RESPONSE_SCOPE } from '@errand/executors/integration/request-template';
import { json, jsonObject, text } from './fields.ts';

const MAX_TEXT = 4_000;

const path = text(MAX_TEXT)
  .refine(
    (written) => written.startsWith('/') && !written.startsWith('//'),
    'must begin with one "/": it is joined to the base URL of the connection',
  )
  .superRefine(isPath)
  .superRefine(compiles(REQUEST_SCOPE));

export const RequestSchema = z
  .strictObject({
    connection: text(100),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    path,
    query: jsonObject.superRefine(flatTexts).superRefine(compiles(REQUEST_SCOPE)).default({}),
    headers: jsonObject.superRefine(headerNames).superRefine(flatTexts).superRefine(compiles(REQUEST_SCOPE)).default({}),
    body: json.superRefine(compiles(REQUEST_SCOPE)).optional(),
    output: json.superRefine(compiles(RESPONSE_SCOPE)).default('${response.body}'),
    waitFor: z.enum(['none', 'callback', 'event']).default('none'),
    waitWhen: text(MAX_TEXT).superRefine(isCondition).default('${response.status == 202}'),
    correlation: text(MAX_TEXT).superRefine(compiles(RESPONSE_SCOPE)).optional(),
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
  const compiled = inner === undefined ? undefined : compileExpression(inner, RESPONSE_SCOPE);
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
  for (const name of Object.keys(value))
    for (const { detail } of headerFaults({ [name]: '' })) context.addIssue({ code: 'custom', path: [name], message: detail });
}

function isPath(value: string, context: z.RefinementCtx): void {
  for (const { detail } of pathFaults(value)) context.addIssue({ code: 'custom', message: detail });
}
